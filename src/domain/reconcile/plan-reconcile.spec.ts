import { describe, expect, it } from 'vitest';
import { NOW, one, snapshot, standing, web } from '../../../test/factories/reconciles.js';
import { planReconcile } from './plan-reconcile.js';
import type { ReconcileSnapshot } from './reconcile-snapshot.js';

const plan = (patch: Partial<ReconcileSnapshot>) => planReconcile(snapshot(patch));

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

  it('fills a slot once whose instance is lost on a host that is emptied too', () => {
    const hosts = new Map([['h1', standing({ lostSince: 0, draining: true, takes: false })]]);
    const result = plan({ workers: [web(1)], hosts, instances: [one(1)] });
    expect(result.start).toMatchObject([{ slot: 1, predecessor: null }]);
    expect(result.stop).toHaveLength(1);
  });

  it('names once what has to stop for two reasons', () => {
    const hosts = new Map([['h1', standing({ lostSince: 0, known: false, draining: true, takes: false })]]);
    const workers = [web(1, { strategy: 'recreate' })];
    const result = plan({ workers, hosts, instances: [one(1)] });
    expect(result.stop.map(({ instance }) => instance.slot)).toEqual([1]);
  });

  it('says when a hand-over is due, and apart from it when a pause or a grace ends', () => {
    const handing = [one(1, { id: 'other', deployId: '9' }), one(1, { liveAt: NOW })];
    expect(plan({ workers: [web(1)], instances: handing })).toMatchObject({ dueAt: NOW + 1_000, lookAgainAt: null });
    const hosts = new Map([['h1', standing({ lostSince: NOW, takes: false })]]);
    expect(plan({ instances: [one(1), one(2)], hosts })).toMatchObject({ dueAt: null, lookAgainAt: NOW + 60_000 });
  });

  it('exchanges without a gap: the successor is started, and only when it serves the other is stopped', () => {
    const restarts = [{ workerId: null, onlyUnhealthy: false, askedAt: NOW }];
    const begun = plan({ workers: [web(1)], instances: [one(1)], restarts });
    expect(begun).toMatchObject({ start: [{ slot: 1, attempt: 2 }], stop: [], converged: false });
    const replaced = one(1, { id: 'replaced', desired: 'replace' });
    const successor = (patch = {}) => one(1, { attempt: 2, plannedAt: NOW, ...patch });
    const starting = plan({
      workers: [web(1)],
      instances: [replaced, successor({ state: 'started', startedAt: NOW })],
    });
    expect(starting).toMatchObject({ start: [], stop: [], converged: false });
    expect(plan({ workers: [web(1)], instances: [replaced, successor()] }).stop).toHaveLength(1);
  });
});

describe('planReconcile has converged', () => {
  const converged = (patch: Partial<ReconcileSnapshot>) => plan(patch).converged;

  it('when every slot has its healthy instance, and nothing else is left', () => {
    expect(converged({ instances: [one(1), one(2)] })).toBe(true);
    expect(converged({ workers: [], instances: [] })).toBe(true);
    expect(converged({ instances: [one(1)] })).toBe(false);
    expect(converged({ instances: [one(1), one(2), one(3)] })).toBe(false);
    expect(converged({ instances: [one(1), one(2, { state: 'started', startedAt: NOW })] })).toBe(false);
  });

  it('not while a slot waits to be tried again', () => {
    const lastAttempts = [{ workerId: '1', slot: 2, attempt: 3, failures: 3, endedAt: NOW }];
    expect(converged({ instances: [one(1)], lastAttempts })).toBe(false);
  });

  it('not while a slot waits for what may not run beside it, but without what ends on a silent host', () => {
    const silent = (slot: number) => {
      const each = one(slot, { id: 'silent', desired: 'stopped', deployId: '9' });
      return { ...each, seen: { ...each.seen, container: 'unknown' as const } };
    };
    expect(converged({ instances: [one(1), one(2), silent(2)] })).toBe(true);
    const recreate = web(1, { strategy: 'recreate' });
    expect(converged({ workers: [recreate], instances: [silent(1)] })).toBe(false);
  });

  it('though a healthy one fails its check: nothing more can be done here', () => {
    const sick = one(2);
    const instances = [one(1), { ...sick, seen: { ...sick.seen, check: 'critical' as const } }];
    expect(converged({ instances })).toBe(true);
  });
});
