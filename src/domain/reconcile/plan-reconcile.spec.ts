import { describe, expect, it } from 'vitest';
import { anInstance, aSpec, observed } from '../../../test/factories/instances.js';
import { planReconcile } from './plan-reconcile.js';
import type { ReconcileSnapshot } from './reconcile-snapshot.js';

const NOW = 1_000_000;
const web = (scale: number) => ({ workerId: '1', scale, spec: aSpec() });
const one = (slot: number, patch = {}) => observed(anInstance({ slot, state: 'healthy', ...patch }));
const plan = (patch: Partial<ReconcileSnapshot>) =>
  planReconcile({
    ...{ now: NOW, graceMs: 60_000, currentDeployId: '1', workers: [web(2)], lastAttempts: [], instances: [] },
    ...{ hosts: new Map(), restarts: [] },
    ...patch,
  });

describe('planReconcile', () => {
  it('is empty when all is as it should be', () => {
    expect(plan({ instances: [one(1), one(2)] })).toMatchObject({ start: [], stop: [], lookAgainAt: null });
  });

  it('fills empty slots with the current deploy, and stops those above the scale', () => {
    expect(plan({ instances: [one(2)] }).start).toMatchObject([{ slot: 1, deployId: '1', attempt: 1 }]);
    const down = plan({ workers: [web(1)], instances: [one(1), one(2), one(3)] });
    expect(down.stop.map(({ instance, because }) => [instance.slot, because])).toEqual([
      [2, 'web is scaled to 1'],
      [3, 'web is scaled to 1'],
    ]);
    expect(down.start).toEqual([]);
  });

  it('stops what belongs to another deploy, a gone worker or a deleted app, each exactly once', () => {
    const other = one(1, { deployId: '0', id: 'other', state: 'started' });
    const gone = one(1, { workerId: '9', id: 'gone' });
    const ids = plan({ instances: [one(1), one(2), other, gone] }).stop.map(({ instance }) => instance.id);
    expect(ids).toEqual(['other', 'gone']);
    const deleted = plan({ currentDeployId: null, instances: [one(1), one(2)] });
    expect(deleted.stop).toHaveLength(2);
    expect(deleted.start).toEqual([]);
  });

  it('says nothing twice: an instance that is leaving already is only wound down', () => {
    const leaving = one(2, { desired: 'stopped', state: 'draining', drainingAt: 0 });
    const result = plan({ workers: [web(1)], instances: [one(1), leaving] });
    expect(result.stop).toEqual([]);
    expect(result.steps.map(({ kind }) => kind)).toEqual(['wait', 'remove']);
  });

  it('replaces a failed instance in its slot, with a new attempt', () => {
    const failed = one(2, { state: 'failed' });
    const last = { workerId: '1', slot: 2, attempt: 1, failures: 1, endedAt: NOW };
    const result = plan({ instances: [one(1), failed], lastAttempts: [last] });
    expect(result.stop.map(({ because }) => because)).toEqual(['it failed']);
    expect(result.start).toMatchObject([{ slot: 2, attempt: 2 }]);
  });

  it.each([
    [2, 5_000],
    [3, 10_000],
    [4, 20_000],
    [40, 300_000],
  ])('after %i failed attempts a slot waits %i ms', (attempt, pause) => {
    const last = { workerId: '1', slot: 2, attempt, failures: attempt, endedAt: NOW };
    const instances = [one(1)];
    expect(plan({ instances, lastAttempts: [last] })).toMatchObject({ start: [], lookAgainAt: NOW + pause });
    expect(plan({ instances, lastAttempts: [last], now: NOW + pause }).start).toMatchObject([{ attempt: attempt + 1 }]);
  });

  it('makes again what is gone of a healthy instance, and concludes nothing from a silent host', () => {
    const absent = { ...one(1), seen: { ...one(1).seen, container: 'absent' as const, check: 'absent' as const } };
    const silent = { ...one(2), seen: { ...one(2).seen, container: 'unknown' as const } };
    expect(plan({ instances: [absent, silent] }).steps.map(({ kind }) => kind)).toEqual(['start', 'wait']);
  });
});
