import { describe, expect, it } from 'vitest';
import { deployLifecycle } from '../deploy/deploy-lifecycle.js';
import { buildStatus } from './build-status.js';
import { deploymentWord, deployStatus, type ReportedDeploy } from './deploy-status.js';

const DEPLOY: ReportedDeploy = {
  id: '42',
  state: 'created',
  outcome: null,
  queued: false,
  failureReason: null,
  pausedBecause: null,
};

const said = (change: Partial<ReportedDeploy>) => {
  const deploy = { ...DEPLOY, ...change };
  return [deployStatus(deploy).state, deploymentWord(deploy), deployStatus(deploy).description];
};

describe('what GitHub is told of a deploy', () => {
  it.each([
    [{}, 'pending', 'queued', 'waits for its build'],
    [{ queued: true }, 'pending', 'queued', 'waits for the one before it'],
    [{ state: 'building' }, 'pending', 'queued', 'waits for its build'],
    [{ state: 'deploying' }, 'pending', 'in_progress', 'being rolled out'],
    [{ state: 'deploying', pausedBecause: 'web 1 failed' }, 'pending', 'in_progress', 'paused: web 1 failed'],
    [{ state: 'deployed', outcome: 'succeeded' }, 'success', 'success', 'serves'],
    [{ state: 'stopped', outcome: 'succeeded' }, 'success', 'inactive', 'later one'],
    [{ state: 'failed', outcome: 'reverted', failureReason: 'web 1: 503' }, 'failure', 'failure', 'web 1: 503'],
    [{ state: 'failed', outcome: 'canceled', failureReason: 'canceled' }, 'error', 'inactive', 'canceled'],
    [{ state: 'failed', outcome: 'superseded' }, 'error', 'inactive', 'Deploy 42 failed'],
  ] as const)('%j: %s, %s', (...[change, status, word, sentence]) => {
    expect(said(change)).toEqual([status, word, expect.stringContaining(sentence)]);
  });

  it('is something in every state', () => {
    for (const state of deployLifecycle.states) expect(said({ state }).every((each) => each !== '')).toBe(true);
  });
});

describe('what GitHub is told of a build', () => {
  it.each([
    ['in_progress', null, 'pending', 'Build 7 is in progress.'],
    ['completed', null, 'success', 'Build 7 is in the registry.'],
    ['failed', 'npm ci ended with 1', 'failure', 'npm ci ended with 1'],
  ] as const)('%s, %s: %s', (...[state, failureReason, mark, description]) => {
    expect(buildStatus({ id: '7', state, failureReason })).toEqual({ state: mark, description });
  });
});
