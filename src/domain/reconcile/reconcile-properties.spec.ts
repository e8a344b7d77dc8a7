import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chance } from '../../../test/factories/chance.js';
import { RunRecord } from '../../../test/factories/run-record.js';
import { type Scenario, scenarios, tightScenarios, worldOf } from '../../../test/factories/scenarios.js';
import { calmDown, comeToRest, REQUESTS, trouble, TROUBLES } from '../../../test/factories/troubles.js';
import type { World } from '../../../test/factories/world.js';
import { planReconcile } from './plan-reconcile.js';

interface Run {
  readonly world: World;
  readonly record: RunRecord;
}

/** All properties are tried on the same runs, so that each is played once. A failure names the seed. */
const RUNS = { numRuns: 50, seed: Date.now() % 2_147_483_647 };
const played = new Map<string, Run>();

function play(scenario: Scenario): Run {
  const key = JSON.stringify(scenario);
  const before = played.get(key);
  if (before !== undefined) return before;
  const world = worldOf(scenario);
  const record = new RunRecord(world);
  trouble(world, [...TROUBLES, ...REQUESTS], 12);
  calmDown(world);
  comeToRest(world);
  const run = { world, record };
  played.set(key, run);
  return run;
}

function forEveryRun(check: (run: Run, scenario: Scenario) => void): void {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      check(play(scenario), scenario);
    }),
    RUNS,
  );
}

describe(
  'properties of reconciles and rollouts, whatever happens to hosts and containers and is asked for meanwhile',
  { timeout: 60_000 },
  () => {
    it('come to rest in bounded steps, with exactly what should be', () => {
      forEveryRun(({ world }) => {
        const expected = (world.current?.workers ?? []).flatMap(({ workerId, scale }) =>
          Array.from({ length: scale }, (_, index) => `${world.current?.id} ${workerId} ${index + 1} healthy running`),
        );
        const left = world.living().filter(({ instance: { desired, host } }) => {
          return desired !== 'stopped' || world.hosts.get(host)?.standing !== 'forgotten';
        });
        const places = left.map(({ instance: { deployId, workerId, slot, state, desired } }) => {
          return `${deployId} ${workerId} ${slot} ${state} ${desired}`;
        });
        expect(places.sort()).toEqual(expected.sort());
      });
    });

    it('end with the empty plan', () => {
      forEveryRun(({ world }) => {
        const plan = planReconcile(world.reconcileSnapshot());
        expect(plan).toMatchObject({ start: [], stop: [], dueAt: null, lookAgainAt: null, converged: true });
        expect(plan.steps.filter(({ kind }) => kind !== 'wait')).toEqual([]);
      });
    });

    it('never want two instances in one slot on one release', () => {
      forEveryRun(({ record }) => expect([...record.faults.doubles]).toEqual([]));
    });

    it('never run what may not run twice beside another of its slot or of another deploy', () => {
      forEveryRun(({ record }) => expect([...record.faults.twins]).toEqual([]));
    });

    it('never name an instance that they were not given', () => {
      forEveryRun(({ record }) => expect([...record.faults.strangers]).toEqual([]));
    });

    it('stop nothing twice', () => {
      forEveryRun(({ world }) => expect(new Set(world.stops).size).toBe(world.stops.length));
    });

    it('never give a host more than it has', () => {
      forEveryRun(({ record }) => expect([...record.faults.overfull]).toEqual([]));
    });

    it('make the same plan of shuffled input', () => {
      forEveryRun(({ record }, { seed }) => {
        const chance = new Chance(seed);
        for (const { kind, snapshot, plan } of record.plans) {
          if (kind === 'rollout') continue;
          const { instances, workers, hosts, lastAttempts, restarts } = snapshot;
          const shuffled = {
            ...{ instances: chance.shuffled(instances), workers: chance.shuffled(workers) },
            ...{ hosts: new Map(chance.shuffled([...hosts])), lastAttempts: chance.shuffled(lastAttempts) },
          };
          expect(planReconcile({ ...snapshot, ...shuffled, restarts: chance.shuffled(restarts) })).toEqual(plan);
        }
      });
    });
  },
);

describe('properties on hosts with little room, where not everything finds a place', { timeout: 60_000 }, () => {
  it('never give a host more than it has, nor want or run anything twice', () => {
    fc.assert(
      fc.property(tightScenarios, (scenario) => {
        const world = worldOf(scenario);
        const record = new RunRecord(world);
        trouble(world, [...TROUBLES, ...REQUESTS], 12);
        const { overfull, doubles, twins, strangers } = record.faults;
        expect([...overfull, ...doubles, ...twins, ...strangers]).toEqual([]);
        expect(new Set(world.stops).size).toBe(world.stops.length);
      }),
      RUNS,
    );
  });
});
