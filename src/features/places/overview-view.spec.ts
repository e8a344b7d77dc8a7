import { describe, expect, it } from 'vitest';
import type { OverviewDeploy, OverviewRow } from '../../store/repositories/place-overview.js';
import { conditionOf } from './overview-view.js';

const DEPLOY = { state: 'deployed', outcome: 'succeeded' } as OverviewDeploy;
const FAILED = { state: 'failed', outcome: 'reverted' } as OverviewDeploy;
const CANCELED = { state: 'failed', outcome: 'canceled' } as OverviewDeploy;
const WEB = { name: 'web', wanted: 2, healthy: 2, starting: 0, failed: 0, hosts: ['h1'] };

const RUNNING: OverviewRow = {
  ...{ appId: '1', app: 'sample', environmentId: '1', environment: 'production' },
  release: { number: 4, sha: 'a'.repeat(40), createdAt: '2026-11-21T03:36:00Z' },
  ...{ deploy: null, lastDeploy: DEPLOY, hold: null, workers: [WEB] },
};

describe('conditionOf', () => {
  it.each<[string, string, Partial<OverviewRow>]>([
    ['one in progress', 'deploying', { deploy: DEPLOY, lastDeploy: FAILED }],
    ['fewer healthy than wanted', 'failing', { workers: [{ ...WEB, healthy: 1 }], lastDeploy: FAILED }],
    ['a last deploy that failed', 'failed', { lastDeploy: FAILED, hold: 'a look' }],
    ['a last deploy that was canceled', 'running', { lastDeploy: CANCELED }],
    ['a hold', 'held', { hold: 'a look' }],
    ['all that is wanted', 'running', {}],
    ['nothing wanted', 'idle', { workers: [{ ...WEB, wanted: 0, healthy: 0 }] }],
    ['no release', 'idle', { release: null, lastDeploy: null, workers: [{ ...WEB, healthy: 0 }] }],
  ])('of %s is %s', (_name, condition, change) => expect(conditionOf({ ...RUNNING, ...change })).toBe(condition));
});
