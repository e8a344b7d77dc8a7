import type { Instance } from '../instance/instance.js';
import { earliestOf, planInstance, type InstanceStep, type ObservedInstance } from '../instance/plan-instance.js';
import type { WorkerSpec } from '../worker/worker.js';

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
  /** Whether it was proven not to work. */
  readonly failed: boolean;
  /** Milliseconds since 1970 of its end; null while it lives. */
  readonly endedAt: number | null;
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
}

/** A slot that needs a new instance. */
export interface MissingInstance {
  readonly worker: WantedWorker;
  readonly slot: number;
  readonly deployId: string;
  readonly attempt: number;
}

/** What is to be done now; empty when all is as it should be. */
export interface ReconcilePlan {
  readonly start: readonly MissingInstance[];
  readonly stop: readonly { readonly instance: Instance; readonly because: string }[];
  readonly steps: readonly InstanceStep[];
  readonly lookAgainAt: number | null;
}

/** A slot that failed waits 5 s before its second replacement, then twice as long each time, at most 5 minutes. */
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;

/** Compares what should run with what does, and says the difference. */
export function planReconcile(snapshot: ReconcileSnapshot): ReconcilePlan {
  const stop = snapshot.instances.flatMap(({ instance }) => {
    const because = reasonToStop(instance, snapshot);
    return because === null || instance.desired === 'stopped' ? [] : [{ instance, because }];
  });
  const leaving = new Set(stop.map(({ instance }) => instance.id));
  const steps = snapshot.instances.map(({ instance, seen }) =>
    planInstance(
      { instance: leaving.has(instance.id) ? { ...instance, desired: 'stopped' } : instance, seen },
      snapshot.now,
    ),
  );
  const missing = missingInstances(snapshot, leaving);
  const due = missing.filter(({ dueAt }) => dueAt <= snapshot.now).map(({ dueAt: _dueAt, ...rest }) => rest);
  const later = missing.flatMap(({ dueAt }) => (dueAt > snapshot.now ? [dueAt] : []));
  return { start: due, stop, steps, lookAgainAt: soonest([earliestOf(steps), ...later]) };
}

function reasonToStop(instance: Instance, snapshot: ReconcileSnapshot): string | null {
  if (snapshot.currentDeployId === null) return 'nothing of this app should run here';
  if (instance.deployId !== snapshot.currentDeployId) return `deploy ${snapshot.currentDeployId} has taken its place`;
  const worker = snapshot.workers.find(({ workerId }) => workerId === instance.workerId);
  if (worker === undefined) return 'its worker is gone';
  if (instance.slot > worker.scale) return `${worker.spec.name} is scaled to ${worker.scale}`;
  return instance.state === 'failed' ? 'it failed' : null;
}

function missingInstances(
  snapshot: ReconcileSnapshot,
  leaving: ReadonlySet<string>,
): (MissingInstance & { readonly dueAt: number })[] {
  const deployId = snapshot.currentDeployId;
  if (deployId === null) return [];
  const taken = new Set(
    snapshot.instances
      .filter(({ instance }) => instance.desired === 'running' && !leaving.has(instance.id))
      .map(({ instance }) => slotKey(instance)),
  );
  const last = new Map(snapshot.lastAttempts.map((each) => [slotKey(each), each]));
  return snapshot.workers.flatMap((worker) =>
    Array.from({ length: worker.scale }, (_, index) => index + 1)
      .filter((slot) => !taken.has(slotKey({ workerId: worker.workerId, slot })))
      .map((slot) => {
        const before = last.get(slotKey({ workerId: worker.workerId, slot }));
        return { worker, slot, deployId, attempt: (before?.attempt ?? 0) + 1, dueAt: dueAtAfter(before) };
      }),
  );
}

function dueAtAfter(before: LastAttempt | undefined): number {
  if (before === undefined || !before.failed || before.endedAt === null || before.attempt < 2) return 0;
  return before.endedAt + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(before.attempt - 2, 16));
}

function slotKey({ workerId, slot }: { readonly workerId: string; readonly slot: number }): string {
  return `${workerId}/${slot}`;
}

function soonest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time): time is number => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
