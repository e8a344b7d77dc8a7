import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunRecord } from '../../../test/factories/run-record.js';
import { type Scenario, scenarios, worldOf } from '../../../test/factories/scenarios.js';
import { comeToRest, EXCHANGES, trouble } from '../../../test/factories/troubles.js';
import type { World } from '../../../test/factories/world.js';
import { parallelismOf } from '../rollout/rollout-policy.js';
import type { WantedWorker } from './reconcile-snapshot.js';

interface Run {
  readonly world: World;
  readonly record: RunRecord;
  readonly workers: readonly WantedWorker[];
}

/** All properties are tried on the same runs, so that each is played once. A failure names the seed. */
const RUNS = { numRuns: 40, seed: Date.now() % 2_147_483_647 };
const played = new Map<string, Run>();

/** Hosts are drained and taken back, workers restarted, in any order; every container works. */
function play(scenario: Scenario): Run {
  const key = JSON.stringify(scenario);
  const before = played.get(key);
  if (before !== undefined) return before;
  const world = worldOf({ ...scenario, first: false, fates: [] });
  const record = new RunRecord(world);
  trouble(world, EXCHANGES, 6);
  comeToRest(world);
  const run = { world, record, workers: world.current?.workers ?? [] };
  played.set(key, run);
  return run;
}

function forEveryWorker(check: (worker: WantedWorker, run: Run) => void): void {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const run = play(scenario);
      for (const worker of run.workers) check(worker, run);
    }),
    RUNS,
  );
}

const isRecreated = ({ spec }: WantedWorker) => spec.policy.strategy === 'recreate';

describe('properties of restarts, drains and moves', { timeout: 60_000 }, () => {
  it('never have less serving than the scale, but of what may not run twice', () => {
    forEveryWorker((worker, { record }) => {
      if (!isRecreated(worker)) expect(record.fewest.get(worker.workerId)).toBe(worker.scale);
    });
  });

  it('never have more down at once than the parallelism', () => {
    forEveryWorker((worker, { record }) => {
      const allowed = isRecreated(worker) ? parallelismOf(worker.spec.policy, worker.scale) : 0;
      expect(record.mostDown.get(worker.workerId)).toBeLessThanOrEqual(allowed);
    });
  });

  it('never exchange more at once than the parallelism', () => {
    forEveryWorker((worker, { record }) => {
      const most = record.mostBegun.get(worker.workerId) ?? 0;
      expect(most).toBeLessThanOrEqual(parallelismOf(worker.spec.policy, worker.scale));
    });
  });

  it('leave nothing on a drained host, and the rest in balance', () => {
    forEveryWorker((worker, { world }) => {
      const counts = [...world.hosts.values()].map(({ name, draining }) => {
        const own = world.living().filter(({ instance: { host, workerId } }) => {
          return host === name && workerId === worker.workerId;
        });
        return { draining, count: own.length };
      });
      for (const { draining, count } of counts) if (draining) expect(count).toBe(0);
      if (isRecreated(worker)) return;
      const taking = counts.filter(({ draining }) => !draining).map(({ count }) => count);
      expect(Math.max(...taking) - Math.min(...taking)).toBeLessThanOrEqual(1);
    });
  });

  it('exchange every instance that was asked to restart, and move none for ever', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { world } = play(scenario);
        const asked = world.restarts.filter(({ onlyUnhealthy }) => !onlyUnhealthy);
        for (const { instance } of world.living())
          for (const { workerId, askedAt } of asked)
            if (workerId === null || workerId === instance.workerId)
              expect(instance.plannedAt).toBeGreaterThanOrEqual(askedAt);
        const before = world.containers.size;
        world.settle();
        expect(world.containers.size).toBe(before);
      }),
      RUNS,
    );
  });
});
