import type { Instance } from '../instance/instance.js';
import { earliestOf, planInstance, type InstanceStep, type ObservedInstance } from '../instance/plan-instance.js';
import { missingInstances } from './missing-instances.js';
import { sortedInstances } from '../instance/sorted-instances.js';
import { reasonToStop } from './reason-to-stop.js';
import { replacements } from './replacements.js';
import type { MissingInstance, ReconcileSnapshot } from './reconcile-snapshot.js';

/** What is to be done now; empty when all is as it should be. */
export interface ReconcilePlan {
  readonly start: readonly MissingInstance[];
  readonly stop: readonly { readonly instance: Instance; readonly because: string }[];
  readonly steps: readonly InstanceStep[];
  /** When a step or a hand-over that is under way is due; null when none is. */
  readonly dueAt: number | null;
  /** When to look again though nothing is under way: the end of a pause or of a grace; null for never. */
  readonly lookAgainAt: number | null;
  /** Whether everything is as it should be: every slot serves, and nothing is there that should not be. */
  readonly converged: boolean;
}

/** Compares what should run with what does, and says the difference. Any order of the same facts gives the same plan. */
export function planReconcile(given: ReconcileSnapshot): ReconcilePlan {
  const snapshot = inOrder(given);
  const reasons = snapshot.instances.map((each) => ({ each, reason: reasonToStop(each, snapshot) }));
  const exchanged = replacements(snapshot);
  const unwanted = reasons.flatMap(({ each: { instance }, reason }) =>
    reason.because === null || instance.desired === 'stopped' ? [] : [{ instance, because: reason.because }],
  );
  const known = new Set(unwanted.map(({ instance }) => instance.id));
  const stop = [...unwanted, ...exchanged.stop.filter(({ instance }) => !known.has(instance.id))];
  const leaving = new Set(stop.map(({ instance }) => instance.id));
  const missing = missingInstances(snapshot, leaving);
  const start = [...missing.due, ...exchanged.start.filter(({ predecessor }) => !leaving.has(predecessor?.id ?? ''))];
  const steps = snapshot.instances.map((each) => stepOf(each, leaving, snapshot.now));
  const dueAt = soonest([earliestOf(steps), ...reasons.map(({ reason }) => reason.dueAt)]);
  const lookAgainAt = soonest([missing.dueAt, ...reasons.map(({ reason }) => reason.graceEndsAt)]);
  const idle = start.length + stop.length === 0 && missing.dueAt === null && steps.every(({ kind }) => kind === 'wait');
  const converged = idle && isConverged(snapshot);
  return { start, stop, steps, dueAt, lookAgainAt, converged };
}

function stepOf({ instance, seen }: ObservedInstance, leaving: ReadonlySet<string>, now: number): InstanceStep {
  return planInstance(
    { instance: leaving.has(instance.id) ? { ...instance, desired: 'stopped' } : instance, seen },
    now,
  );
}

/**
 * Every slot has its instance, and nothing else is left but what should end on hosts that do not answer: that is not
 * waited for. For what was healthy and fails its check nothing more can be done here.
 */
function isConverged({ instances, workers, currentDeployId }: ReconcileSnapshot): boolean {
  const settled = instances.filter(({ instance: { desired, state } }) => desired === 'running' && state === 'healthy');
  const ending = instances.filter(
    ({ instance, seen }) => instance.desired === 'stopped' && seen.container === 'unknown',
  );
  const wanted = currentDeployId === null ? 0 : workers.reduce((sum, { scale }) => sum + scale, 0);
  return settled.length === wanted && settled.length + ending.length === instances.length;
}

function inOrder(snapshot: ReconcileSnapshot): ReconcileSnapshot {
  const workers = [...snapshot.workers].sort((one, other) => (one.workerId < other.workerId ? -1 : 1));
  return { ...snapshot, instances: sortedInstances(snapshot.instances), workers };
}

function soonest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time): time is number => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
