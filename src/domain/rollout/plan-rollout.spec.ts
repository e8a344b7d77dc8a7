import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { World } from '../../../test/factories/world.js';
import { anInstance, observed } from '../../../test/factories/instances.js';
import { planRollout } from './plan-rollout.js';

const NOW = 1_000_000;
const old = (slot: number, patch = {}) => anInstance({ slot, deployId: '1', state: 'healthy', ...patch });
const fresh = (slot: number, patch = {}) => anInstance({ slot, deployId: '2', ...patch });
const plan = (instances: ReturnType<typeof observed>[], failing = false) =>
  planRollout({ now: NOW, deployId: '2', failing, instances });

describe('planRollout', () => {
  it('starts all new instances and leaves the old alone', () => {
    const result = plan([observed(old(1)), observed(fresh(1), { container: 'absent', check: 'absent' })]);
    expect(result.steps.map(({ kind, instance }) => [kind, instance.deployId])).toEqual([['start', '2']]);
    expect(result).toMatchObject({ stop: [], verdict: { kind: 'in_progress' } });
  });

  it('takes the old out only when every new one is healthy', () => {
    const healthy = observed(fresh(1, { state: 'healthy' }));
    const starting = observed(fresh(2, { state: 'started', startedAt: NOW }), { check: 'critical' });
    expect(plan([observed(old(1)), healthy, starting]).stop).toEqual([]);
    const later = plan([observed(old(1)), healthy, observed(fresh(2, { state: 'healthy' }))]);
    expect(later.stop.map(({ deployId }) => deployId)).toEqual(['1']);
    expect(later.steps.map(({ kind }) => kind)).toEqual(['take_out']);
  });

  it('succeeds when the old are gone', () => {
    expect(plan([observed(fresh(1, { state: 'healthy' }))]).verdict.kind).toBe('succeeded');
  });

  it('is not held up by an old instance on a host that does not answer', () => {
    const silent = observed(old(1, { desired: 'stopped', state: 'draining' }), { container: 'unknown' });
    expect(plan([observed(fresh(1, { state: 'healthy' })), silent]).verdict.kind).toBe('succeeded');
  });

  it('takes all new ones back at the first that failed, names it, and does not touch the old', () => {
    const result = plan([
      observed(old(1)),
      observed(fresh(1, { state: 'failed' }), { container: 'exited' }),
      observed(fresh(2, { state: 'healthy' })),
    ]);
    expect(result.verdict).toMatchObject({ kind: 'failing', instance: { slot: 1, deployId: '2' } });
    expect(result.stop.map(({ id }) => id)).toEqual(['2-1', '2-2']);
    expect(result.steps.map(({ kind, instance }) => [kind, instance.id])).toEqual([
      ['remove', '2-1'],
      ['take_out', '2-2'],
    ]);
  });

  it('has failed when nothing new is left', () => {
    expect(plan([observed(old(1))], true).verdict.kind).toBe('failed');
  });

  it('goes on stopping what a forced deploy left behind while the new ones start', () => {
    const left = observed(old(1, { desired: 'stopped', state: 'started', startedAt: 0 }));
    const result = plan([left, observed(fresh(1), { container: 'absent', check: 'absent' })]);
    expect(result.steps.map(({ kind }) => kind)).toEqual(['start', 'remove']);
  });
});

describe('properties of a rollout, over every order of events', () => {
  const scenario = fc.record({
    old: fc.integer({ min: 0, max: 5 }),
    fresh: fc.integer({ min: 0, max: 5 }),
    seed: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 200, maxLength: 200 }),
    failsFrom: fc.integer({ min: 0, max: 12 }),
  });

  it('the old serve until every new one is healthy, and a failed rollout leaves every old one serving', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const world = World.of(given);
        const verdict = world.rollOut('2');
        expect(world.fewestServing).toBeGreaterThanOrEqual(
          Math.min(given.old, verdict === 'failed' ? given.old : given.fresh),
        );
        if (verdict === 'failed') expect(world.servingOf('1')).toBe(given.old);
        else expect(world.servingOf('2')).toBe(given.fresh);
      }),
      { numRuns: 300 },
    );
  });

  it('it ends in bounded steps, and nothing of the losing side is left', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const world = World.of(given);
        const verdict = world.rollOut('2');
        const loser = verdict === 'failed' ? '2' : '1';
        expect(world.living().filter(({ deployId }) => deployId === loser)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('every living instance of the losing side is removed exactly once', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const world = World.of(given);
        world.rollOut('2');
        const removals = world.removals.map((id) => [id, world.removals.filter((other) => other === id).length]);
        expect(removals.filter(([, times]) => times !== 1)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('shuffled input gives the same plan', () => {
    fc.assert(
      fc.property(scenario, fc.integer(), (given, seed) => {
        const { instances } = World.of(given).snapshot('2');
        const shuffled = [...instances].sort(
          (a, b) => ((Number(a.instance.slot) * seed) % 7) - ((Number(b.instance.slot) * seed) % 7),
        );
        const ids = (list: typeof instances) =>
          planRollout({ now: NOW, deployId: '2', failing: false, instances: list })
            .steps.map(({ kind, instance }) => `${kind} ${instance.id}`)
            .sort();
        expect(ids(shuffled)).toEqual(ids(instances));
      }),
    );
  });
});
