import fc from 'fast-check';
import type { WantedWorker } from '../../src/domain/reconcile/reconcile-snapshot.js';
import { DEFAULT_POLICY, STRATEGIES, type RolloutPolicy } from '../../src/domain/rollout/rollout-policy.js';
import { aSpec } from './instances.js';
import { type Fate } from './toy-container.js';
import { toyHost, type ToyHost } from './toy-host.js';
import { World } from './world.js';

/** One worker before and after a change; scale 0 before: it is new; null after: it is gone. */
export interface ToyChange {
  readonly before: WantedWorker;
  readonly after: WantedWorker | null;
}

/** A rollout that a property is tried on. */
export interface Scenario {
  readonly seed: number;
  readonly first: boolean;
  readonly changes: readonly ToyChange[];
  readonly hosts: readonly ToyHost[];
  readonly fates: readonly Fate[];
  /** Whether there is little room, and instances differ in size: then what is put back may find only pieces of it. */
  readonly pieces: boolean;
  /** It is canceled after so many looks, wherever it is then; null: it is not. */
  readonly canceledAfter: number | null;
}

/** How a rollout ended: `incomplete` when not all that was there could be put back. */
export type End = 'deployed' | 'failed' | 'incomplete';

/** Every policy that a rollout can have. */
export const policies: fc.Arbitrary<RolloutPolicy> = fc.record({
  strategy: fc.constantFrom(...STRATEGIES),
  parallelism: fc.constantFrom(null, 1, 2, 3),
  delaySeconds: fc.constantFrom(0, 5),
  monitorSeconds: fc.constantFrom(0, 4),
  progressDeadlineSeconds: fc.constant(DEFAULT_POLICY.progressDeadlineSeconds),
  allowedFailures: fc.constantFrom(0, 1, 2),
  onFailure: fc.constantFrom('revert', 'pause'),
  canaryPercent: fc.constantFrom(10, 50),
  canaryPauseSeconds: fc.constantFrom(0, 10, null),
});

const changes: fc.Arbitrary<ToyChange[]> = fc
  .array(
    fc.record({
      before: fc.nat({ max: 5 }),
      after: fc.option(fc.nat({ max: 5 }), { freq: 8 }),
      beforeMb: fc.constantFrom(64, 128),
      afterMb: fc.constantFrom(64, 128),
      minHealthySeconds: fc.constantFrom(0, 2),
      policy: policies,
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((drafts) =>
    drafts.map(({ before, after, beforeMb, afterMb, minHealthySeconds, policy }, at) => {
      const workerId = `${at + 1}`;
      const spec = (memoryMb: number) =>
        aSpec({ name: `worker-${workerId}`, minHealthySeconds, policy, resources: { memoryMb, cpus: 0.1 } });
      return {
        before: { workerId, scale: before, spec: spec(beforeMb) },
        after: after === null ? null : { workerId, scale: after, spec: spec(afterMb) },
      };
    }),
  );

const fate = (...bad: Fate[]) =>
  fc.oneof({ arbitrary: fc.constant<Fate>('works'), weight: 3 }, fc.constantFrom(...bad));

/** Rollouts on hosts with ample room, where some new containers do not work. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.integer(),
  first: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
  changes,
  hosts: fc.constant(['h1', 'h2', 'h3'].map((name) => toyHost(name, 10_000))),
  fates: fc.array(fate('ends', 'mute', 'relapses'), { maxLength: 20 }),
  pieces: fc.constant(false),
  canceledAfter: fc.option(fc.nat({ max: 40 }), { freq: 2 }),
});

/** The same, on hosts that have little more room than what runs before, with instances of one size or of two. */
export const tightScenarios: fc.Arbitrary<Scenario> = fc
  .tuple(
    fc.oneof(
      scenarios.map(ofOneSize),
      scenarios.map((each) => ({ ...each, pieces: true })),
    ),
    fc.nat({ max: 400 }),
  )
  .map(([scenario, spare]) => ({
    ...scenario,
    hosts: scenario.hosts.map(({ name }, at) => toyHost(name, takenAtFirst(scenario, at) + spare)),
  }));

function ofOneSize(scenario: Scenario): Scenario {
  const small = (worker: WantedWorker) => ({
    ...worker,
    spec: { ...worker.spec, resources: { memoryMb: 64, cpus: 0.1 } },
  });
  const all = scenario.changes.map(({ before, after }) => ({
    before: small(before),
    after: after === null ? null : small(after),
  }));
  return { ...scenario, changes: all };
}

function takenAtFirst({ changes: all, hosts }: Scenario, at: number): number {
  return all.reduce((sum, { before: { scale, spec } }) => {
    const slots = Array.from({ length: scale }, (_, index) => index % hosts.length).filter((host) => host === at);
    return sum + slots.length * spec.resources.memoryMb;
  }, 0);
}

/** The world of a scenario, before its rollout. */
export function worldOf({ seed, first, changes: all, hosts, fates }: Scenario): World {
  const current = first ? null : all.map(({ before }) => before).filter(({ scale }) => scale > 0);
  return new World({ seed, hosts, current, fates });
}

/** What a scenario rolls out. */
export function wantedOf({ changes: all }: Scenario): WantedWorker[] {
  return all.flatMap(({ after }) => (after === null ? [] : [after]));
}

/** Rolls out deploy 2 to its end; an operator says continue wherever it waits for one. How it ended; null: no place. */
export function rollOut(world: World, scenario: Scenario): End | null {
  if (!world.begin('2', wantedOf(scenario))) return null;
  if (scenario.canceledAfter !== null) cancelAfter(world, scenario.canceledAfter);
  for (let asked = 0; asked < 60; asked += 1) {
    world.settle();
    const end = world.ended.get('2');
    if (end !== undefined) return end;
    if (world.rollout?.failing === true) return 'incomplete';
    world.goOn();
  }
  throw new Error(`said continue 60 times: ${world.describe()}`);
}

function cancelAfter(world: World, looks: number): void {
  for (let look = 0; look < looks; look += 1) world.round();
  if (world.rollout !== null) world.rollout.failing = true;
}
