import type { Instance } from '../instance/instance.js';
import type { ObservedInstance } from '../instance/plan-instance.js';
import { parallelismOf } from '../rollout/rollout-policy.js';
import type { AskedRestart, MissingInstance, ReconcileSnapshot, WantedWorker } from './reconcile-snapshot.js';
import { moveToBalance } from './balance.js';
import type { Exchange } from './exchange.js';

/** Instances that are exchanged now: started first where they serve, stopped first where two may not run. */
export interface Replacements {
  readonly start: readonly MissingInstance[];
  readonly stop: readonly { readonly instance: Instance; readonly because: string }[];
}

/**
 * What has to leave a host that is emptied, was asked to restart, or stands where it unbalances the hosts: never more
 * at once than the worker's parallelism, those under way counted.
 */
export function replacements(snapshot: ReconcileSnapshot): Replacements {
  if (snapshot.currentDeployId === null) return { start: [], stop: [] };
  const all = snapshot.workers.map((worker) => replacementsOf(worker, snapshot));
  return { start: all.flatMap(({ start }) => start), stop: all.flatMap(({ stop }) => stop) };
}

function replacementsOf(worker: WantedWorker, snapshot: ReconcileSnapshot): Replacements {
  const own = snapshot.instances.filter(
    ({ instance }) =>
      instance.workerId === worker.workerId &&
      instance.deployId === snapshot.currentDeployId &&
      instance.slot <= worker.scale &&
      instance.desired !== 'stopped',
  );
  const settled = own.filter(({ instance }) => instance.desired === 'running' && instance.state === 'healthy');
  const busy = worker.scale - new Set(settled.map(({ instance }) => instance.slot)).size;
  const room = Math.max(0, parallelismOf(worker.spec.policy, worker.scale) - busy);
  const due = exchangesOf(worker, { own, settled, busy }, snapshot).slice(0, room);
  if (worker.spec.policy.strategy === 'recreate') return { start: [], stop: due.map(stopOf) };
  return { start: due.map((each) => startOf(each, worker, snapshot)), stop: [] };
}

function exchangesOf(
  worker: WantedWorker,
  { settled, busy }: { own: readonly ObservedInstance[]; settled: readonly ObservedInstance[]; busy: number },
  snapshot: ReconcileSnapshot,
): Exchange[] {
  const asked = [...settled].sort(bySlot).flatMap((each): Exchange[] => {
    const because = reasonToExchange(each, snapshot);
    return because === null ? [] : [{ each, because, onlyHost: null }];
  });
  if (asked.length > 0 || busy > 0) return asked;
  return moveToBalance(worker, settled, snapshot);
}

function reasonToExchange(each: ObservedInstance, { hosts, restarts }: ReconcileSnapshot): string | null {
  const { host } = each.instance;
  if (hosts.get(host)?.draining === true) return `host ${host} is emptied`;
  return restarts.some((restart) => concerns(restart, each)) ? 'a restart was asked for' : null;
}

function concerns({ workerId, onlyUnhealthy, askedAt }: AskedRestart, { instance, seen }: ObservedInstance): boolean {
  const meant = workerId === null || workerId === instance.workerId;
  const sick = seen.check === 'critical' || seen.check === 'absent' || seen.container === 'exited';
  return meant && instance.plannedAt < askedAt && (!onlyUnhealthy || sick);
}

function stopOf({ each, because }: Exchange) {
  return { instance: each.instance, because };
}

function startOf(
  { each, because, onlyHost }: Exchange,
  worker: WantedWorker,
  snapshot: ReconcileSnapshot,
): MissingInstance {
  const { slot, deployId, attempt } = each.instance;
  const last = snapshot.lastAttempts.find((before) => before.workerId === worker.workerId && before.slot === slot);
  return {
    ...{ worker, slot, deployId, attempt: Math.max(attempt, last?.attempt ?? 0) + 1 },
    ...{ wave: 0, standby: false, onlyHost, predecessor: each.instance, because },
  };
}

function bySlot(one: ObservedInstance, other: ObservedInstance): number {
  return one.instance.slot - other.instance.slot;
}
