import type { Instance } from '../instance/instance.js';
import type { LastAttempt, MissingInstance, ReconcileSnapshot, WantedWorker } from './reconcile-snapshot.js';

/** A slot that failed waits 5 s before its second replacement, then twice as long each time, at most 5 minutes. */
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;

/** The slots without an instance: those that are due, and when the next of the others is. */
export interface Missing {
  readonly due: readonly MissingInstance[];
  readonly dueAt: number | null;
}

/** Finds the empty slots of the current deploy. What is `leaving`, by id, leaves its slot empty. */
export function missingInstances(snapshot: ReconcileSnapshot, leaving: ReadonlySet<string>): Missing {
  if (snapshot.currentDeployId === null) return { due: [], dueAt: null };
  const all = snapshot.workers.flatMap((worker) => missingOf(worker, snapshot, leaving));
  const later = all.filter(({ dueAt }) => dueAt > snapshot.now).map(({ dueAt }) => dueAt);
  return {
    due: all.filter(({ dueAt }) => dueAt <= snapshot.now).map(({ dueAt: _dueAt, ...missing }) => missing),
    dueAt: later.length === 0 ? null : Math.min(...later),
  };
}

function missingOf(
  worker: WantedWorker,
  snapshot: ReconcileSnapshot,
  leaving: ReadonlySet<string>,
): (MissingInstance & { readonly dueAt: number })[] {
  const own = snapshot.instances
    .map(({ instance }) => instance)
    .filter(({ workerId, id }) => workerId === worker.workerId && !leaving.has(id));
  const wanted = own.filter(({ desired, deployId }) => desired === 'running' && deployId === snapshot.currentDeployId);
  const taken = new Set(wanted.map(({ slot }) => slot));
  const inTheWay = worker.spec.policy.strategy === 'recreate' ? mayNotRunBeside(worker, snapshot) : [];
  return slotsUpTo(worker.scale)
    .filter((slot) => !taken.has(slot))
    .filter((slot) => inTheWay.every((each) => each.slot !== slot && each.deployId === snapshot.currentDeployId))
    .map((slot) => missingIn({ worker, slot, predecessor: predecessorIn(slot, own, snapshot) }, snapshot));
}

/**
 * What lives of a worker that may not run twice: in the same slot, or of another deploy. What should end on a host that
 * Consul has forgotten is gone with it.
 */
function mayNotRunBeside({ workerId }: WantedWorker, { instances, hosts }: ReconcileSnapshot): Instance[] {
  return instances
    .map(({ instance }) => instance)
    .filter((each) => each.workerId === workerId)
    .filter(({ desired, host }) => desired !== 'stopped' || hosts.get(host)?.known !== false);
}

function missingIn(
  { worker, slot, predecessor }: Pick<MissingInstance, 'worker' | 'slot' | 'predecessor'>,
  { lastAttempts, currentDeployId }: ReconcileSnapshot,
): MissingInstance & { readonly dueAt: number } {
  const before = lastAttempts.find((each) => each.workerId === worker.workerId && each.slot === slot);
  return {
    ...{ worker, slot, predecessor, deployId: currentDeployId ?? '', attempt: (before?.attempt ?? 0) + 1 },
    ...{ wave: 0, standby: false, onlyHost: null },
    because: `${worker.spec.name} is scaled to ${worker.scale}, and slot ${slot} is empty`,
    dueAt: dueAtAfter(before),
  };
}

/** The one that serves on until the new one does: its first successor did not get healthy. */
function predecessorIn(
  slot: number,
  own: readonly Instance[],
  { currentDeployId }: ReconcileSnapshot,
): Instance | null {
  const replaced = own.find((each) => each.slot === slot && each.desired === 'replace');
  return replaced?.deployId === currentDeployId ? replaced : null;
}

function dueAtAfter(before: LastAttempt | undefined): number {
  if (before === undefined || before.endedAt === null || before.failures < 2) return 0;
  return before.endedAt + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(before.failures - 2, 16));
}

function slotsUpTo(scale: number): number[] {
  return Array.from({ length: scale }, (_, index) => index + 1);
}
