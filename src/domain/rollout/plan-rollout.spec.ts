import { describe, expect, it } from 'vitest';
import {
  BEGUN_AT,
  broken,
  fresh,
  NOW,
  old,
  planned,
  rollout,
  shortly,
  started,
} from '../../../test/factories/rollouts.js';
import { ROUTERS_SEE_AFTER } from '../instance/plan-instance.js';
import { planRollout } from './plan-rollout.js';

const SEEN = NOW - ROUTERS_SEE_AFTER;
const stopsOf = (plan: ReturnType<typeof planRollout>) => plan.stop.map(({ deployId, slot }) => `${deployId}-${slot}`);
const doing = (plan: ReturnType<typeof planRollout>) => shortly(plan.steps).filter((step) => !step.startsWith('wait'));

describe('a rolling rollout', () => {
  it('starts the gate alone, and leaves the old alone', () => {
    const plan = planRollout(rollout([old(1), old(2), planned(1), planned(2, { wave: 1 })]));
    expect(doing(plan)).toEqual(['start 2-1']);
    expect(plan).toMatchObject({ stop: [], verdict: { kind: 'in_progress' } });
  });

  it('stops an old instance only when what takes its slot is proven and routers know it', () => {
    const gate = (liveAt: number) => [old(1), old(2), fresh(1, { liveAt }), planned(2, { wave: 1 })];
    const early = planRollout(rollout(gate(SEEN + 1)));
    expect(early).toMatchObject({ stop: [], lookAgainAt: NOW + 1 });
    const plan = planRollout(rollout(gate(SEEN)));
    expect(stopsOf(plan)).toEqual(['1-1']);
    expect(doing(plan)).toEqual(['start 2-2', 'take_out 1-1']);
  });

  it('does not stop what a new one without an entry in Consul, or with a failing check, should follow', () => {
    for (const check of ['absent', 'critical', 'unknown'] as const)
      expect(stopsOf(planRollout(rollout([old(1), fresh(1, {}, { check })])))).toEqual([]);
  });

  it('registers a new one again whose entry in Consul is gone', () => {
    expect(doing(planRollout(rollout([old(1), fresh(1, {}, { check: 'absent' })])))).toEqual(['start 2-1']);
  });

  it('holds the next wave for the delay, and says when it is due', () => {
    const policy = { delaySeconds: 30 };
    const instances = [old(1), old(2), fresh(1, { policy }), planned(2, { wave: 1, policy })];
    const plan = planRollout(rollout(instances));
    expect(doing(plan)).toEqual(['take_out 1-1']);
    expect(plan.lookAgainAt).toBe(NOW + 20_000);
    expect(doing(planRollout(rollout(instances, { now: NOW + 20_000 })))).toContain('start 2-2');
  });

  it('believes an instance only after it was monitored, and fails it when it relapses meanwhile', () => {
    const policy = { monitorSeconds: 20 };
    const instances = [old(1), fresh(1, { policy })];
    expect(planRollout(rollout(instances))).toMatchObject({ stop: [], lookAgainAt: NOW + 10_000 });
    expect(stopsOf(planRollout(rollout(instances, { now: NOW + 10_000 })))).toEqual(['1-1']);
    const relapsed = planRollout(rollout([old(1), fresh(1, { policy }, { check: 'critical' })]));
    expect(doing(relapsed)).toEqual(['fail 2-1']);
  });

  it('stops what is above the new scale only when every worker is proven', () => {
    const other = { workerId: '2', id: 'other' };
    const open = planRollout(rollout([old(1), old(2), fresh(1), started(1, other)]));
    expect(stopsOf(open)).toEqual(['1-1']);
    const done = planRollout(rollout([old(1), old(2), fresh(1), fresh(1, other)]));
    expect(stopsOf(done)).toEqual(['1-1', '1-2']);
  });

  it('stops a worker that is gone at the end, whatever its policy was', () => {
    const gone = old(1, { workerId: '2', id: 'gone', policy: { strategy: 'recreate' } });
    expect(stopsOf(planRollout(rollout([gone, old(1), started(1)])))).toEqual([]);
    expect(stopsOf(planRollout(rollout([gone, fresh(1)])))).toEqual(['1-1']);
  });

  it('succeeds when every new one is proven and the old are gone', () => {
    expect(planRollout(rollout([fresh(1)])).verdict.kind).toBe('succeeded');
    const leaving = old(1, { desired: 'stopped', state: 'draining', drainingAt: NOW });
    expect(planRollout(rollout([fresh(1), leaving])).verdict.kind).toBe('in_progress');
  });

  it('succeeds with nothing to run', () => {
    expect(planRollout(rollout([])).verdict.kind).toBe('succeeded');
    expect(stopsOf(planRollout(rollout([old(1)])))).toEqual(['1-1']);
  });

  it('is not held up by an old instance on a host that does not answer', () => {
    const silent = old(1, { desired: 'stopped', state: 'draining' }, { container: 'unknown' });
    expect(planRollout(rollout([fresh(1), silent])).verdict.kind).toBe('succeeded');
  });

  it('winds down what a forced deploy left behind, but lets serve what of it serves', () => {
    const left = [
      old(1, { desired: 'stopped', state: 'started' }, { check: 'critical' }),
      old(2, { id: 'useless', deployId: '9', state: 'started' }, { check: 'critical' }),
      old(3, { id: 'serving', deployId: '9' }),
    ];
    const plan = planRollout(rollout([...left, planned(1), planned(3, { wave: 1 })]));
    expect(doing(plan)).toEqual(['start 2-1', 'remove 1-1', 'remove 9-2']);
    expect(stopsOf(plan)).toEqual(['9-2']);
  });
});

describe('a blue-green rollout', () => {
  const policy = { strategy: 'blue_green' } as const;
  const standing = (slot: number) => fresh(slot, { policy, standby: true, liveAt: null });

  it('puts all in at once, when all stand', () => {
    const plan = planRollout(rollout([old(1), old(2), standing(1), started(2, { policy, standby: true })]));
    expect(doing(plan)).toEqual([]);
    const ready = planRollout(rollout([old(1), old(2), standing(1), standing(2)]));
    expect(doing(ready)).toEqual(['put_in 2-1', 'put_in 2-2']);
    expect(ready.stop).toEqual([]);
  });

  it('stops the old together, when routers have seen the last of the new', () => {
    const half = [fresh(1, { policy }), standing(2)];
    expect(planRollout(rollout([old(1), old(2), ...half])).stop).toEqual([]);
    const seen = (liveAt: number) => [old(1), old(2), fresh(1, { policy }), fresh(2, { policy, liveAt })];
    expect(planRollout(rollout(seen(SEEN + 1)))).toMatchObject({ stop: [], lookAgainAt: NOW + 1 });
    expect(stopsOf(planRollout(rollout(seen(SEEN))))).toEqual(['1-1', '1-2']);
  });

  it('keeps all of the old while one that was put in is tried again', () => {
    const allowed = { ...policy, allowedFailures: 1 };
    const failures = [broken(2, { policy: allowed })];
    expect(planRollout(rollout([old(1), old(2), fresh(1, { policy: allowed })], { failures })).stop).toEqual([]);
  });

  it('has not succeeded while one stands by', () => {
    expect(planRollout(rollout([fresh(1, { policy }), standing(2)])).verdict.kind).toBe('in_progress');
  });
});

describe('a canary rollout', () => {
  const policy = { strategy: 'canary', canaryPauseSeconds: 60 } as const;
  const world = (canary = policy as object) => [
    ...[old(1), old(2), fresh(1, { policy: { ...policy, ...canary } })],
    planned(2, { wave: 2, policy: { ...policy, ...canary } }),
  ];

  it('watches the canaries beside all of the old, then goes on', () => {
    const plan = planRollout(rollout(world()));
    expect(doing(plan)).toEqual([]);
    expect(plan).toMatchObject({ stop: [], lookAgainAt: NOW + 50_000 });
    const after = planRollout(rollout(world(), { now: NOW + 50_000 }));
    expect(doing(after)).toEqual(['start 2-2', 'take_out 1-1']);
  });

  it('waits for somebody to say continue where no time is set, and no deadline ends that', () => {
    const forever = world({ canaryPauseSeconds: null });
    const later = { now: NOW + 10_000_000 };
    expect(planRollout(rollout(forever, later))).toMatchObject({
      ...{ stop: [], lookAgainAt: null, verdict: { kind: 'in_progress' } },
    });
    const said = planRollout(rollout(forever, { continuedAt: NOW, begunAt: NOW }));
    expect(doing(said)).toEqual(['start 2-2', 'take_out 1-1']);
  });

  it('does not take a word for the canaries that was said before they were proven', () => {
    const early = { continuedAt: NOW - 20_000, begunAt: NOW - 20_000 };
    expect(doing(planRollout(rollout(world({ canaryPauseSeconds: null }), early)))).toEqual([]);
  });
});

describe('a recreating rollout', () => {
  const policy = { strategy: 'recreate' } as const;

  it('stops the old first, and starts the new when the last of them is gone', () => {
    const plan = planRollout(rollout([old(1), old(2), planned(1, { policy }), planned(2, { policy })]));
    expect(doing(plan)).toEqual(['take_out 1-1', 'take_out 1-2']);
    const last = old(2, { desired: 'stopped', state: 'draining', drainingAt: NOW });
    expect(doing(planRollout(rollout([last, planned(1, { policy })])))).toEqual([]);
    expect(doing(planRollout(rollout([planned(1, { policy }), planned(2, { policy })])))).toEqual([
      'start 2-1',
      'start 2-2',
    ]);
  });

  it('is held up by an old one on a host that does not answer, up to the deadline', () => {
    const silent = old(1, { desired: 'stopped' }, { container: 'unknown' });
    const instances = [silent, planned(1, { policy })];
    expect(doing(planRollout(rollout(instances)))).toEqual([]);
    const late = planRollout(rollout(instances, { now: BEGUN_AT + 600_000 }));
    expect(late.verdict).toMatchObject({
      kind: 'failing',
      because: expect.stringContaining('still planned') as string,
    });
  });
});

describe('a rollout in which instances fail', () => {
  it('fails at the first proof, names it, and moves nothing itself', () => {
    const failures = [broken(1)];
    const plan = planRollout(rollout([old(1), old(2), planned(2, { wave: 1 })], { failures }));
    expect(plan).toMatchObject({ stop: [], steps: [], retry: [], lookAgainAt: null });
    expect(plan.verdict).toMatchObject({ kind: 'failing', instance: { slot: 1, deployId: '2' }, because: null });
  });

  it('tries a slot again as often as failures are allowed', () => {
    const policy = { allowedFailures: 1 };
    const plan = planRollout(rollout([old(1), planned(2, { wave: 1, policy })], { failures: [broken(1, { policy })] }));
    expect(plan.retry.map(({ slot }) => slot)).toEqual([1]);
    expect(doing(plan)).toEqual([]);
    const twice = [broken(1, { policy }), broken(1, { policy, id: 'second', attempt: 2, endedAt: NOW })];
    expect(planRollout(rollout([old(1)], { failures: twice })).verdict.kind).toBe('failing');
  });

  it('tries a slot again when what failed in it is away, so that its room is free', () => {
    const policy = { allowedFailures: 1 };
    const failed = broken(1, { policy, state: 'failed', desired: 'running' });
    const there = planRollout(rollout([old(1), { ...old(1), instance: failed }], { failures: [failed] }));
    expect(there.retry).toEqual([]);
    expect(stopsOf(there)).toEqual(['2-1']);
    const silent = { ...old(1, {}, { container: 'unknown' }), instance: { ...failed, desired: 'stopped' as const } };
    expect(planRollout(rollout([old(1), silent], { failures: [failed] })).retry).toHaveLength(1);
  });

  it('does not try a slot again that has its next try', () => {
    const policy = { allowedFailures: 1 };
    const again = planned(1, { policy, attempt: 2, id: 'again' });
    expect(planRollout(rollout([old(1), again], { failures: [broken(1, { policy })] }))).toMatchObject({
      ...{ retry: [], verdict: { kind: 'in_progress' } },
    });
  });

  it('pauses where the policy wants somebody to look, and says why', () => {
    const policy = { onFailure: 'pause' } as const;
    const instances = [old(1), old(2), fresh(1, { policy }), planned(2, { policy, wave: 1 })];
    const plan = planRollout(rollout(instances, { failures: [broken(3, { policy })] }));
    expect(plan).toMatchObject({ stop: [], retry: [] });
    expect(plan.verdict).toMatchObject({ kind: 'paused', because: expect.stringContaining('exit code 1') as string });
    expect(doing(plan)).toEqual([]);
  });

  it('while paused starts, stops and gives up nothing; told to go on, it tries again with a clean count', () => {
    const policy = { onFailure: 'pause' } as const;
    const failures = [broken(2, { policy, wave: 1 })];
    const instances = [old(1), old(2), fresh(1, { policy })];
    const paused = planRollout(rollout(instances, { failures, paused: true, now: NOW + 10_000_000 }));
    expect(paused).toMatchObject({ stop: [], retry: [], verdict: { kind: 'in_progress' }, lookAgainAt: null });
    const goesOn = planRollout(rollout(instances, { failures, continuedAt: NOW, begunAt: NOW }));
    expect(goesOn.retry.map(({ slot }) => slot)).toEqual([2]);
    expect(stopsOf(goesOn)).toEqual(['1-1']);
  });

  it('does not stop the old of a slot whose new one is tried again', () => {
    const policy = { allowedFailures: 3 };
    const plan = planRollout(rollout([old(1), old(2), fresh(1, { policy })], { failures: [broken(2, { policy })] }));
    expect(stopsOf(plan)).toEqual(['1-1']);
  });
});

describe('the deadline of a rollout', () => {
  const policy = { progressDeadlineSeconds: 100 };
  const at = (ms: number) => ({ now: BEGUN_AT + ms });

  it('fails what nothing comes forward with, and says when it will', () => {
    const instances = [old(1), started(1, { policy, startedAt: BEGUN_AT + 90_000 })];
    expect(planRollout(rollout(instances, at(99_999))).lookAgainAt).toBe(BEGUN_AT + 100_000);
    expect(planRollout(rollout(instances, at(100_000))).verdict).toMatchObject({
      kind: 'failing',
      because: 'nothing came forward for 100 s, web 1 is still started',
    });
  });

  it('counts from the last that came forward', () => {
    const instances = [
      ...[old(1), old(2), fresh(1, { policy, healthyAt: BEGUN_AT + 80_000 })],
      started(2, { policy, wave: 1, startedAt: BEGUN_AT + 170_000 }),
    ];
    expect(planRollout(rollout(instances, at(179_999))).verdict.kind).toBe('in_progress');
    expect(planRollout(rollout(instances, at(180_000))).verdict.kind).toBe('failing');
  });

  it('does not fail what can be done right now: who looks late finds a good rollout', () => {
    const passing = { ...started(1, { policy }), seen: fresh(1).seen };
    expect(doing(planRollout(rollout([old(1), passing], at(10_000_000))))).toEqual(['confirm 2-1']);
    const next = [old(1), old(2), fresh(1, { policy }), planned(2, { policy, wave: 1 })];
    expect(doing(planRollout(rollout(next, at(10_000_000))))).toContain('start 2-2');
  });

  it('ends a retry that never gets its turn', () => {
    const failed = broken(1, { policy: { ...policy, allowedFailures: 1 }, state: 'failed', endedAt: BEGUN_AT });
    const there = { ...fresh(1), instance: failed };
    expect(planRollout(rollout([old(1), there], { ...at(100_000), failures: [failed] })).verdict.kind).toBe('failing');
  });
});

describe('a rollout on hosts with little room', () => {
  const room = (memoryMb: number) => ({ room: new Map([['h1', { memoryMb, cpus: 10 }]]) });

  it('starts what has room, and holds what has to wait for the old to leave', () => {
    const instances = [old(1), planned(1), planned(2, { wave: 0 })];
    expect(doing(planRollout(rollout(instances, room(64))))).toEqual(['start 2-1']);
    expect(doing(planRollout(rollout(instances, room(128))))).toEqual(['start 2-1', 'start 2-2']);
    expect(doing(planRollout(rollout(instances, room(63))))).toEqual([]);
  });

  it('leaves its input as it was', () => {
    const snapshot = rollout([old(1), planned(1)], room(64));
    planRollout(snapshot);
    expect(snapshot.room.get('h1')).toEqual({ memoryMb: 64, cpus: 10 });
  });

  it('does not count as stuck who waits for room that watched canaries will free', () => {
    const canary = { strategy: 'canary', canaryPauseSeconds: null } as const;
    const waiting = planned(1, { workerId: '2', id: 'waiting' });
    const instances = [old(1), fresh(1, { policy: canary }), planned(2, { wave: 2, policy: canary }), waiting];
    const late = { ...room(0), now: NOW + 10_000_000 };
    expect(planRollout(rollout(instances, late)).verdict.kind).toBe('in_progress');
  });
});

describe('a rollout of several workers', () => {
  it('rolls each by its own policy', () => {
    const rolling = [old(1), fresh(1)];
    const other = { workerId: '2', policy: { strategy: 'recreate' } } as const;
    const recreated = [old(1, { ...other, id: 'old' }), planned(1, { ...other, id: 'new' })];
    const plan = planRollout(rollout([...rolling, ...recreated]));
    expect(stopsOf(plan)).toEqual(['1-1', '1-1']);
    expect(doing(plan)).toEqual(['take_out 1-1', 'take_out 1-1']);
  });

  it('starts a worker that came at once', () => {
    const come = [1, 2].map((slot) => planned(slot, { workerId: '2', id: `come-${slot}` }));
    expect(doing(planRollout(rollout([old(1), started(1), ...come])))).toEqual(['start 2-1', 'start 2-2']);
  });
});
