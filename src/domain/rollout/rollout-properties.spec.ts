import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chance } from '../../../test/factories/chance.js';
import { RunRecord } from '../../../test/factories/run-record.js';
import {
  type End,
  rollOut,
  type Scenario,
  scenarios,
  tightScenarios,
  wantedOf,
  worldOf,
} from '../../../test/factories/scenarios.js';
import type { World } from '../../../test/factories/world.js';
import { ROUTERS_SEE_AFTER } from '../instance/plan-instance.js';
import { planReconcile } from '../reconcile/plan-reconcile.js';
import { planRollout } from './plan-rollout.js';
import { parallelismOf } from './rollout-policy.js';

/** A rollout that was played to its end. */
interface Run {
  readonly world: World;
  readonly record: RunRecord;
  /** Null: it found no place, and did not begin. */
  readonly end: End | null;
}

/** All properties are tried on the same runs, so that each is played once. A failure names the seed. */
const RUNS = { numRuns: 80, seed: Date.now() % 2_147_483_647 };
const either = fc.oneof(scenarios, tightScenarios);
const played = new Map<string, Run>();

function play(scenario: Scenario): Run {
  const key = JSON.stringify(scenario);
  const before = played.get(key);
  if (before !== undefined) return before;
  const world = worldOf(scenario);
  const record = new RunRecord(world);
  const end = rollOut(world, scenario);
  world.settle();
  world.now += ROUTERS_SEE_AFTER;
  const run = { world, record, end };
  played.set(key, run);
  return run;
}

/**
 * Whether one worker has its old instances stopped first and another its new ones started first. On hosts without any
 * spare room, putting back the first may then take the last place that the second needs for its exchange: the deploy
 * ends as `revert_incomplete`, with everything serving, and the rest is put back when there is room.
 */
function mixesOrders({ changes }: Scenario): boolean {
  const stopsFirst = changes.map(({ before }) => before.spec.policy.strategy === 'recreate');
  return stopsFirst.includes(true) && stopsFirst.includes(false);
}

function forEveryRun(check: (run: Run, scenario: Scenario) => void): void {
  fc.assert(
    fc.property(either, (scenario) => {
      check(play(scenario), scenario);
    }),
    RUNS,
  );
}

describe('properties of a rollout, for every strategy and every order of landing steps', { timeout: 60_000 }, () => {
  it('ends in bounded steps, with only the winner left and every slot of it serving', () => {
    forEveryRun(({ world, end }, scenario) => {
      if (end === 'incomplete') expect(scenario.pieces || mixesOrders(scenario)).toBe(true);
      if (end === null || end === 'incomplete') return;
      const winners = end === 'deployed' ? wantedOf(scenario) : (world.current?.workers ?? []);
      const expected = winners.flatMap(({ workerId, scale }) =>
        Array.from({ length: scale }, (_, index) => `${world.current?.id} ${workerId} ${index + 1} healthy running`),
      );
      const places = world.living().map(({ instance: { deployId, workerId, slot, state, desired } }) => {
        return `${deployId} ${workerId} ${slot} ${state} ${desired}`;
      });
      expect(places.sort()).toEqual(expected.sort());
      for (const { workerId, scale } of winners) expect(world.serving(workerId)).toBe(scale);
    });
  });

  it('a failed rollout ends with all old slots serving', () => {
    forEveryRun(({ world, end }) => {
      if (end !== 'failed') return;
      for (const { workerId, scale } of world.current?.workers ?? []) {
        expect(world.serving(workerId)).toBe(scale);
        expect(world.serving(workerId, '1')).toBe(scale);
      }
    });
  });

  it('never has less serving than the smaller of both scales, but where the old have to go first', () => {
    forEveryRun(({ record }, { changes, first }) => {
      if (first) return;
      for (const { before, after } of changes) {
        if (before.scale === 0 || (before.spec.policy.strategy === 'recreate' && after !== null)) continue;
        const floor = Math.min(before.scale, after?.scale ?? 0);
        expect(record.fewest.get(before.workerId)).toBeGreaterThanOrEqual(floor);
      }
    });
  });

  it('never has two wanted instances in one slot on one release', () => {
    forEveryRun(({ record }) => expect([...record.faults.doubles]).toEqual([]));
  });

  it('never gives a host more than it has', () => {
    forEveryRun(({ record }) => expect([...record.faults.overfull]).toEqual([]));
  });

  it('never stands still while everything that was started works', () => {
    forEveryRun(({ record }) => expect([...record.faults.stalls]).toEqual([]));
  });

  it('never names an instance that it was not given', () => {
    forEveryRun(({ record }) => expect([...record.faults.strangers]).toEqual([]));
  });

  it('stops every instance that has to go exactly once', () => {
    forEveryRun(({ world }) => {
      const gone = [...world.containers.values()].filter(({ instance }) => instance.state === 'stopped');
      expect([...world.stops].sort()).toEqual(gone.map(({ instance }) => instance.id).sort());
    });
  });

  it('has no more new instances of a rolling worker under way than its parallelism', () => {
    forEveryRun(({ record }, { changes, first }) => {
      for (const { before, after } of changes) {
        if (after === null || first || before.scale === 0 || after.spec.policy.strategy !== 'rolling') continue;
        const most = record.mostUnderWay.get(`${after.workerId}/2`) ?? 0;
        expect(most).toBeLessThanOrEqual(parallelismOf(after.spec.policy, after.scale));
      }
    });
  });

  it('makes the same plan of shuffled input, and of the same input twice', () => {
    forEveryRun(({ record }, { seed }) => {
      const chance = new Chance(seed);
      for (const { kind, snapshot, plan } of record.plans) {
        const shuffled = { ...snapshot, instances: chance.shuffled(snapshot.instances) };
        if (kind === 'rollout') {
          const failures = chance.shuffled(snapshot.failures);
          expect(planRollout({ ...snapshot, ...shuffled, failures })).toEqual(plan);
        } else {
          const lists = {
            workers: chance.shuffled(snapshot.workers),
            hosts: new Map(chance.shuffled([...snapshot.hosts])),
          };
          expect(planReconcile({ ...snapshot, ...shuffled, ...lists })).toEqual(plan);
        }
      }
    });
  });
});
