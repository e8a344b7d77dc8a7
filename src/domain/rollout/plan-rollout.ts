import type { Instance } from '../instance/instance.js';
import { earliestOf, planInstance, type InstanceStep, type ObservedInstance } from '../instance/plan-instance.js';
import { sortedInstances } from '../instance/sorted-instances.js';
import type { WorkerSpec } from '../worker/worker.js';
import {
  canaryPassesAt,
  earliest,
  isProven,
  oldToStop,
  stepsOfFresh,
  type Moment,
  type WorkerRollout,
} from './worker-rollout.js';
import { fittingOf } from './fitting.js';
import { isWatching, stuckSince, type Stuck } from './stuck.js';

/** All that a rollout is decided from. */
export interface RolloutSnapshot extends Moment {
  /** The deploy that is rolled out. */
  readonly deployId: string;
  /** The deploy that is current; null for none. */
  readonly currentDeployId: string | null;
  /** Every living instance of the app in the environment, the new ones and the old. */
  readonly instances: readonly ObservedInstance[];
  /** Instances of this rollout that were proven not to work, ended ones too, oldest first. */
  readonly failures: readonly Instance[];
}

/** How a rollout stands. */
export type Verdict =
  | { readonly kind: 'in_progress' | 'succeeded' }
  /** It has failed; the instance proves it. `because` is said where no proof of the instance itself is there. */
  | { readonly kind: 'failing'; readonly instance: Instance; readonly because: string | null }
  /** More failed than may, and the policy wants somebody to look. */
  | { readonly kind: 'paused'; readonly because: string };

/** What is to be done now. */
export interface RolloutPlan {
  /** Instances that should be stopped from now on. */
  readonly stop: readonly Instance[];
  /** Slots that failed and are tried again. */
  readonly retry: readonly Instance[];
  readonly steps: readonly InstanceStep[];
  readonly verdict: Verdict;
  /** When to look again even if nothing happens; null for never. */
  readonly lookAgainAt: number | null;
}

/**
 * Decides the next steps of a rollout, each worker by its own policy: new instances in waves, an old one stopped only
 * when what takes its place is proven and routers know it (but `recreate`, which stops the old first). The same
 * instances in any order give the same plan.
 */
export function planRollout(given: RolloutSnapshot): RolloutPlan {
  const snapshot = {
    ...given,
    instances: sortedInstances(given.instances),
    failures: [...given.failures].sort(byEnd),
  };
  const parts = partsOf(snapshot);
  const failure = failureOf(parts, snapshot);
  if (failure?.kind === 'failing') return giveUp(failure);
  const moment = failure?.kind === 'paused' ? { ...snapshot, paused: true } : snapshot;
  const moves = movesOf(parts, snapshot, moment);
  const standstill = stalled(moves, moment);
  if (standstill !== null) return giveUp(standstill);
  const plan = moveOn(moves, snapshot, moment);
  return { ...plan, verdict: failure ?? plan.verdict };
}

function giveUp(verdict: Verdict): RolloutPlan {
  return { stop: [], retry: [], steps: [], verdict, lookAgainAt: null };
}

/** A worker's part, and what its new instances do next. */
interface PartMoves {
  readonly part: WorkerRollout;
  readonly steps: readonly InstanceStep[];
  readonly dueAt: number | null;
  /** When it will have failed if nothing comes forward; null while nothing is waited for. */
  readonly deadline: { readonly stuck: Stuck; readonly at: number } | null;
}

function movesOf(parts: readonly WorkerRollout[], snapshot: RolloutSnapshot, moment: Moment): PartMoves[] {
  const planned = parts.flatMap(({ fresh }) =>
    fresh.flatMap(({ instance }) => (instance.state === 'planned' ? [instance] : [])),
  );
  const fitting = fittingOf(planned, snapshot.room);
  const watching = parts.some((part) => isWatching(part, moment));
  return parts.map((part) => {
    const { steps, dueAt } = stepsOfFresh(part, moment, fitting);
    const stuck = stuckSince(part, { moment, steps, watching });
    const at = (stuck?.at ?? 0) + part.spec.policy.progressDeadlineSeconds * 1000;
    return { part, steps, dueAt, deadline: stuck === null ? null : { stuck, at } };
  });
}

function moveOn(moves: readonly PartMoves[], snapshot: RolloutSnapshot, moment: Moment): RolloutPlan {
  const parts = moves.map(({ part }) => part);
  const allProven = parts.every((part) => isDone(part, moment));
  const retirements = parts.map((part) => oldToStop(part, moment, { ...snapshot, allProven }));
  const stop = [...brokenOf(snapshot), ...retirements.flatMap((each) => each.stop)];
  const leaving = new Set(stop.map(({ id }) => id));
  const others = snapshot.instances.filter(({ instance }) => !isFresh(instance, snapshot));
  const steps = [...moves.flatMap((each) => each.steps), ...stepsOfOthers(others, leaving, moment.now)];
  const dues = [...retirements.map(({ dueAt }) => dueAt), ...moves.map(({ dueAt }) => dueAt)];
  const deadlines = moves.map(({ deadline }) => deadline?.at ?? null);
  const done = allProven && others.every(isBeyondReach);
  return {
    stop,
    retry: moment.paused ? [] : parts.flatMap(({ retries }) => retries.filter((each) => isAway(each, others))),
    steps,
    verdict: { kind: done ? 'succeeded' : 'in_progress' },
    lookAgainAt: earliest([...dues, ...deadlines, earliestOf(steps)]),
  };
}

/**
 * What failed is taken away before its slot is tried again: its room is needed. On a host that does not answer it is not
 * waited for, but where two may not run at once.
 */
function isAway({ id, spec }: Instance, others: readonly ObservedInstance[]): boolean {
  const once = spec.policy.strategy === 'recreate';
  return others.every((each) => each.instance.id !== id || (!once && isBeyondReach(each)));
}

/** New instances that failed are taken away, whatever follows. */
function brokenOf({ instances, deployId }: RolloutSnapshot): Instance[] {
  return instances.flatMap(({ instance }) =>
    instance.deployId === deployId && instance.state === 'failed' && instance.desired !== 'stopped' ? [instance] : [],
  );
}

/** Those that leave are wound down, the others kept up. */
function stepsOfOthers(others: readonly ObservedInstance[], leaving: ReadonlySet<string>, now: number): InstanceStep[] {
  return others.map(({ instance, seen }) =>
    planInstance({ instance: leaving.has(instance.id) ? { ...instance, desired: 'stopped' } : instance, seen }, now),
  );
}

function isDone(part: WorkerRollout, moment: Moment): boolean {
  const passed = canaryPassesAt(part, moment);
  const live = part.fresh.every(({ instance }) => !instance.standby);
  return isProven(part, moment.now) && live && passed !== null && passed <= moment.now;
}

/** An old instance on a host that does not answer does not hold up the end: it goes when the host is back. */
function isBeyondReach({ instance, seen }: ObservedInstance): boolean {
  return instance.state === 'stopped' || seen.container === 'unknown';
}

function failureOf(parts: readonly WorkerRollout[], snapshot: RolloutSnapshot): Verdict | null {
  if (snapshot.paused) return null;
  for (const { spec, retries } of parts) {
    const since = snapshot.continuedAt ?? 0;
    const counted = snapshot.failures.filter((each) => each.spec.name === spec.name && (each.endedAt ?? 0) > since);
    const first = counted[0];
    if (first === undefined || retries.length === 0 || counted.length <= spec.policy.allowedFailures) continue;
    if (spec.policy.onFailure === 'revert') return { kind: 'failing', instance: first, because: null };
    const cause = first.failure?.cause ?? 'no cause is known';
    return {
      kind: 'paused',
      because: `${counted.length} new instances of ${spec.name} failed, the first because ${cause}`,
    };
  }
  return null;
}

function stalled(moves: readonly PartMoves[], { now }: Moment): Verdict | null {
  for (const { part, deadline } of moves) {
    if (deadline === null || now < deadline.at) continue;
    const { instance } = deadline.stuck;
    const seconds = part.spec.policy.progressDeadlineSeconds;
    const because = `nothing came forward for ${seconds} s, ${instance.spec.name} ${instance.slot} is still ${instance.state}`;
    return { kind: 'failing', instance, because };
  }
  return null;
}

function isFresh({ deployId, desired, state }: Instance, snapshot: RolloutSnapshot): boolean {
  return deployId === snapshot.deployId && desired !== 'stopped' && state !== 'failed';
}

function partsOf(snapshot: RolloutSnapshot): WorkerRollout[] {
  const all = [...snapshot.instances.map(({ instance }) => instance), ...snapshot.failures];
  const ids = [...new Set(all.map(({ workerId }) => workerId))].sort();
  return ids.map((workerId) => {
    const own = snapshot.instances.filter(({ instance }) => instance.workerId === workerId);
    const fresh = own.filter(({ instance }) => isFresh(instance, snapshot));
    const old = own.filter(({ instance }) => instance.deployId !== snapshot.deployId);
    return { spec: specOf(workerId, all, snapshot), fresh, old, retries: retriesOf(workerId, fresh, snapshot) };
  });
}

/** The policy of what is rolled out decides; of a worker that is in it no more, that of its old instances. */
function specOf(workerId: string, all: readonly Instance[], { deployId }: RolloutSnapshot): WorkerSpec {
  const own = all.filter((each) => each.workerId === workerId);
  const spec = (own.find((each) => each.deployId === deployId) ?? own[0])?.spec;
  if (spec === undefined) throw new Error(`worker ${workerId} has no instance`);
  return spec;
}

/** The last try of each slot that failed, where no later one has been begun. */
function retriesOf(workerId: string, fresh: readonly ObservedInstance[], { failures }: RolloutSnapshot): Instance[] {
  const latest = new Map<number, Instance>();
  for (const failure of failures.filter((each) => each.workerId === workerId))
    if (failure.attempt > (latest.get(failure.slot)?.attempt ?? 0)) latest.set(failure.slot, failure);
  return [...latest.values()].filter(({ slot }) => !fresh.some(({ instance }) => instance.slot === slot));
}

function byEnd(one: Instance, other: Instance): number {
  return (one.endedAt ?? 0) - (other.endedAt ?? 0) || (one.id < other.id ? -1 : 1);
}
