import type { Instance } from '../instance/instance.js';
import { isServing, servingFrom, type ObservedInstance } from '../instance/plan-instance.js';
import type { HostStanding, ReconcileSnapshot, WantedWorker } from './reconcile-snapshot.js';

/** Why an instance should be stopped now, or when it may come to that; all null when it may stay. */
export interface Reason {
  readonly because: string | null;
  /** When it has handed over, if all stays well. */
  readonly dueAt: number | null;
  /** When its lost host has been waited for for long enough. */
  readonly graceEndsAt: number | null;
}

const STAYS: Reason = { because: null, dueAt: null, graceEndsAt: null };

/** Says why an instance should not run, in the words that stand in the plan. */
export function reasonToStop({ instance, seen }: ObservedInstance, snapshot: ReconcileSnapshot): Reason {
  if (snapshot.currentDeployId === null) return stop('nothing of this app should run here');
  const worker = snapshot.workers.find(({ workerId }) => workerId === instance.workerId);
  if (worker === undefined) return stop('its worker is not in the current deploy');
  if (instance.slot > worker.scale) return stop(`${worker.spec.name} is scaled to ${worker.scale}`);
  if (instance.state === 'failed') return stop('it failed');
  const lost = lostReason(instance, worker, snapshot);
  if (lost !== null) return lost;
  if (instance.deployId !== snapshot.currentDeployId) return ofAnotherDeploy({ instance, seen }, worker, snapshot);
  return instance.desired === 'replace' ? ofReplaced(instance, snapshot) : STAYS;
}

/** What another deploy left serves until the current one does so in its slot; what does not serve goes at once. */
function ofAnotherDeploy(each: ObservedInstance, worker: WantedWorker, snapshot: ReconcileSnapshot): Reason {
  const because = `deploy ${snapshot.currentDeployId} takes its place`;
  const { instance, seen } = each;
  const isGone = seen.container === 'exited' || seen.container === 'absent';
  const useless = instance.state !== 'healthy' || instance.standby || isGone;
  if (useless || worker.spec.policy.strategy === 'recreate') return stop(because);
  return untilSuccessorServes(each.instance, snapshot, because);
}

function ofReplaced(instance: Instance, snapshot: ReconcileSnapshot): Reason {
  if (instance.state !== 'healthy') return stop('another takes its place');
  return untilSuccessorServes(instance, snapshot, 'its successor serves');
}

function untilSuccessorServes({ workerId, slot, id }: Instance, snapshot: ReconcileSnapshot, because: string): Reason {
  const successor = snapshot.instances.find(
    ({ instance }) =>
      instance.id !== id &&
      instance.workerId === workerId &&
      instance.slot === slot &&
      instance.deployId === snapshot.currentDeployId &&
      instance.desired === 'running',
  );
  if (successor === undefined) return STAYS;
  if (isServing(successor, snapshot.now)) return stop(because);
  const from = servingFrom(successor.instance);
  return { ...STAYS, dueAt: from !== null && from > snapshot.now ? from : null };
}

/** A lost host is waited for; what may not run twice is waited for until Consul has forgotten the host. */
function lostReason(
  { host }: Instance,
  worker: WantedWorker,
  { hosts, graceMs, now }: ReconcileSnapshot,
): Reason | null {
  const standing: HostStanding | undefined = hosts.get(host);
  if (standing?.gone === true) return stop(`the machine of its host ${host} is gone`);
  if (standing === undefined || standing.lostSince === null) return null;
  if (worker.spec.policy.strategy === 'recreate' && standing.known) return null;
  const graceEndsAt = standing.lostSince + graceMs;
  if (now < graceEndsAt) return { ...STAYS, graceEndsAt };
  return stop(`its host ${host} is lost since ${new Date(standing.lostSince).toISOString()}`);
}

function stop(because: string): Reason {
  return { ...STAYS, because };
}
