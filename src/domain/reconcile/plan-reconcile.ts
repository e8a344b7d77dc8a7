import type { Resources } from '../host/host.js';
import type { Instance } from '../instance/instance.js';
import { earliestOf, planInstance, type InstanceStep, type ObservedInstance } from '../instance/plan-instance.js';
import type { WorkerSpec } from '../worker/worker.js';
import { missingInstances } from './missing-instances.js';
import { sortedInstances } from '../instance/sorted-instances.js';
import { reasonToStop } from './reason-to-stop.js';
import { replacements } from './replacements.js';
import type { WantedRestart } from './wanted-restart.js';

/** A worker as it should be. */
export interface WantedWorker {
  readonly workerId: string;
  readonly scale: number;
  readonly spec: WorkerSpec;
}

/** The last container that a slot of the current deploy had. */
export interface LastAttempt {
  readonly workerId: string;
  readonly slot: number;
  readonly attempt: number;
  /** How many in a row, up to the last one, were proven not to work without ever being healthy. */
  readonly failures: number;
  /** Milliseconds since 1970 of its end; null while it lives. */
  readonly endedAt: number | null;
}

/** How a host stands. */
export interface HostStanding {
  /** Since when Consul holds it for lost, in milliseconds since 1970; null while it is well. */
  readonly lostSince: number | null;
  /** Whether Consul still knows it. */
  readonly known: boolean;
  /** Whether it is to be emptied. */
  readonly draining: boolean;
  /** Whether it takes new instances. */
  readonly takes: boolean;
  /** What it has; null where nobody knows. */
  readonly capacity: Resources | null;
  /** What the living instances of all apps reserve on it. */
  readonly reserved: Resources;
}

/** A restart and when it was asked for: what was placed before is exchanged. */
export interface AskedRestart extends WantedRestart {
  /** Milliseconds since 1970. */
  readonly askedAt: number;
}

/** All that a reconcile is decided from. */
export interface ReconcileSnapshot {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The deploy that is current; null when there is none, or its app is deleted: then nothing should run. */
  readonly currentDeployId: string | null;
  readonly workers: readonly WantedWorker[];
  readonly lastAttempts: readonly LastAttempt[];
  readonly instances: readonly ObservedInstance[];
  /** By name; a host that is not in it is one that nobody knows. */
  readonly hosts: ReadonlyMap<string, HostStanding>;
  readonly restarts: readonly AskedRestart[];
  /** How long a lost host's instances wait for it, in milliseconds. */
  readonly graceMs: number;
}

/** A slot that needs a new instance. */
export interface MissingInstance {
  readonly worker: WantedWorker;
  readonly slot: number;
  readonly deployId: string;
  readonly attempt: number;
  readonly wave: number;
  readonly standby: boolean;
  /** The one host that will do; null for any. */
  readonly onlyHost: string | null;
  /** The instance whose place it takes: that serves until this one does; null where the slot is empty. */
  readonly predecessor: Instance | null;
  /** Why, in one clause. */
  readonly because: string;
}

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
  const stop = [
    ...reasons.flatMap(({ each: { instance }, reason }) =>
      reason.because === null || instance.desired === 'stopped' ? [] : [{ instance, because: reason.because }],
    ),
    ...exchanged.stop,
  ];
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
