import type { ObservedInstance } from '../../domain/instance/plan-instance.js';
import type { ReconcileOutlook } from '../../observation/reconcile-outlooks.js';
import type { PendingChanges } from '../../store/repositories/pending-changes.js';
import type { PlacesSeen } from '../../store/repositories/places.js';
import { placeViewOf } from '../apps/place-view.js';
import type { DriftDto, DriftedInstanceDto, NextDeployDto } from './drift.dto.js';

/** What differs, as it stands on the wire. */
export function viewOf(outlook: ReconcileOutlook, pending: PendingChanges | null, places: PlacesSeen): DriftDto {
  const { state, observed, steps } = outlook;
  const instances = observed.instances.flatMap((each) => driftOf(each, outlook));
  const strays = observed.strays.map(({ host, name }) => ({ host: host.name, name }));
  const unseen = observed.silent.filter((host) => state.instances.some((each) => each.host === host));
  const still = steps.length + instances.length + strays.length + unseen.length === 0;
  return {
    ...placeViewOf(state.key, places),
    in_sync: still && state.rollout === null && outlook.plan.converged,
    deploy_id: state.current?.id ?? null,
    deploy_in_progress: state.rollout?.id ?? null,
    steps: [...steps],
    instances,
    strays,
    silent_hosts: [...observed.silent],
    next_deploy: pending === null ? null : nextDeployOf(pending),
  };
}

function driftOf(each: ObservedInstance, { snapshot }: ReconcileOutlook): DriftedInstanceDto[] {
  const { containerName, host, state } = each.instance;
  const because = reasonOf(each, snapshot.hosts.get(host)?.lostSince ?? null);
  return because === null ? [] : [{ instance: containerName, host, state, because }];
}

function reasonOf({ instance, seen }: ObservedInstance, lostSince: number | null): string | null {
  if (seen.hostLostBecause !== null) {
    const since = lostSince === null ? '' : ` since ${new Date(lostSince).toISOString()}`;
    return `its host is lost${since}: ${seen.hostLostBecause}`;
  }
  if (instance.desired !== 'running') return 'it is taken away';
  if (instance.state === 'failed') return `it failed: ${instance.failure?.cause ?? 'no cause is known'}`;
  if (instance.state !== 'healthy') return 'it is on its way up';
  if (seen.check === 'critical') return `its check fails: ${seen.checkOutput?.trim() ?? 'it says nothing'}`;
  return null;
}

function nextDeployOf({ workers, config }: PendingChanges): NextDeployDto {
  return {
    workers: workers.map(({ worker, change, fields }) => ({ worker, change, fields: [...fields] })),
    config:
      config === null
        ? null
        : {
            deployed_version: config.deployedVersion,
            newest_version: config.newestVersion,
            variables: [...config.variables],
          },
  };
}
