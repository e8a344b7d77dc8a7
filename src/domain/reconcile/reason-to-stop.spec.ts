import { describe, expect, it } from 'vitest';
import { GRACE, NOW, one, snapshot, standing, web } from '../../../test/factories/reconciles.js';
import { ROUTERS_SEE_AFTER } from '../instance/plan-instance.js';
import { reasonToStop } from './reason-to-stop.js';

const STAYS = { because: null, dueAt: null, graceEndsAt: null };
const reason = (each: ReturnType<typeof one>, patch: Parameters<typeof snapshot>[0] = {}) =>
  reasonToStop(each, snapshot({ instances: [each], ...patch }));

describe('reasonToStop', () => {
  it('is none for what should run', () => {
    expect(reason(one(1))).toEqual(STAYS);
  });

  it.each([
    ['nothing of this app should run here', one(1), { currentDeployId: null }],
    ['its worker is not in the current deploy', one(1, { workerId: '9' }), {}],
    ['web is scaled to 2', one(3), {}],
    ['it failed', one(1, { state: 'failed' }), {}],
  ] as const)('says %s', (because, each, patch) => {
    expect(reason(each, patch)).toEqual({ ...STAYS, because });
  });
});

describe('reasonToStop of what another deploy left', () => {
  const other = (patch = {}, seen = {}) => one(1, { deployId: '9', id: 'other', ...patch }, seen);
  const because = 'deploy 1 takes its place';

  it('lets it serve until the current deploy does so in its slot', () => {
    expect(reason(other())).toEqual(STAYS);
    const successor = (liveAt: number) => one(1, { liveAt });
    const between = (liveAt: number) => reason(other(), { instances: [other(), successor(liveAt)] });
    expect(between(NOW - ROUTERS_SEE_AFTER + 1)).toEqual({ ...STAYS, dueAt: NOW + 1 });
    expect(between(NOW - ROUTERS_SEE_AFTER)).toEqual({ ...STAYS, because });
  });

  it.each([
    ['fails its check', { check: 'critical' }, {}],
    ['is not in Consul', { check: 'absent' }, {}],
    ['is not healthy yet', {}, { state: 'started' }],
    ['is to be stopped itself', {}, { desired: 'stopped' }],
  ] as const)('does not take for a successor what %s', (_why, seen, patch) => {
    const successor = one(1, patch, seen);
    expect(reason(other(), { instances: [other(), successor] }).because).toBeNull();
  });

  it.each([
    ['is not healthy', other({ state: 'started' })],
    ['stands by', other({ standby: true })],
    ['has ended', other({}, { container: 'exited' })],
    ['is gone', other({}, { container: 'absent' })],
  ])('stops it at once when it %s', (_why, each) => {
    expect(reason(each).because).toBe(because);
  });

  it('stops it at once where two may not run', () => {
    expect(reason(other(), { workers: [web(2, { strategy: 'recreate' })] }).because).toBe(because);
  });
});

describe('reasonToStop of what is being replaced', () => {
  const replaced = (patch = {}) => one(1, { id: 'replaced', desired: 'replace', ...patch });

  it('lets it serve until its successor does', () => {
    const successor = (patch = {}) => one(1, { attempt: 2, ...patch });
    expect(reason(replaced(), { instances: [replaced(), successor({ state: 'started' })] })).toEqual(STAYS);
    expect(reason(replaced(), { instances: [replaced(), successor()] }).because).toBe('its successor serves');
  });

  it('stops it at once when it does not serve any more', () => {
    expect(reason(replaced({ state: 'started' })).because).toBe('another takes its place');
  });
});

describe('reasonToStop on a lost host', () => {
  const lost = (patch = {}) => ({
    hosts: new Map([['h1', standing({ lostSince: NOW - GRACE, takes: false, ...patch })]]),
  });

  it('waits for the host as long as the grace is, and says when it ends', () => {
    expect(reason(one(1), lost({ lostSince: NOW - GRACE + 1 }))).toEqual({ ...STAYS, graceEndsAt: NOW + 1 });
    expect(reason(one(1), lost()).because).toMatch(/^its host h1 is lost since 1970-01-01T00:15:40/);
  });

  it('waits for it until Consul has forgotten it, where two may not run', () => {
    const workers = [web(2, { strategy: 'recreate' })];
    expect(reason(one(1), { workers, ...lost() })).toEqual(STAYS);
    expect(reason(one(1), { workers, ...lost({ known: false }) }).because).toMatch(/^its host h1 is lost/);
  });

  it('waits for nothing where its machine is gone, also where two may not run', () => {
    const gone = lost({ lostSince: null, gone: true });
    const workers = [web(2, { strategy: 'recreate' })];
    expect(reason(one(1), gone).because).toBe('the machine of its host h1 is gone');
    expect(reason(one(1), { workers, ...gone }).because).toBe('the machine of its host h1 is gone');
  });
});
