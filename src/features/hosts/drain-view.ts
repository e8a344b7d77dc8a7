import type { Host } from '../../domain/host/host.js';
import type { DeployRow, InstanceRow } from '../../store/entities/index.js';
import { placeOf } from '../../store/repositories/hosts.js';
import type { DrainDto } from './host.dto.js';
import type { InstanceNames } from './host-view.js';

/** What is known of an emptying. */
export interface DrainSeen {
  readonly host: Host;
  readonly requestedAt: Date;
  readonly moved: number;
  /** What is still on it. */
  readonly left: readonly InstanceRow[];
  /** Those elsewhere that take their places, by worker and slot. */
  readonly successors: ReadonlyMap<string, InstanceRow>;
  /** Deploys in progress. */
  readonly deploys: readonly DeployRow[];
  readonly names: InstanceNames;
}

/** How far the emptying of a host has come, as the API shows it. */
export function drainViewOf(seen: DrainSeen): DrainDto {
  return {
    requested_at: seen.requestedAt.toISOString(),
    moved: seen.moved,
    left: seen.left.length,
    finished: seen.left.length === 0,
    waiting_for: seen.left.map((row) => `${labelOf(row, seen.names)}: ${waitsFor(row, seen)}`),
  };
}

function labelOf({ spec, slot, appId, environmentId }: InstanceRow, { apps, environments }: InstanceNames): string {
  return `${spec.name} ${slot} of ${apps.get(appId) ?? ''} in ${environments.get(environmentId) ?? ''}`;
}

function waitsFor(row: InstanceRow, { host, successors, deploys }: DrainSeen): string {
  if (row.desired === 'stopped' || row.state === 'failed') return endOf(row, host);
  const successor = successors.get(placeOf(row));
  if (successor !== undefined) return stepOf(successor);
  const deploy = deploys.find(({ appId, environmentId }) => appId === row.appId && environmentId === row.environmentId);
  if (deploy !== undefined) return `deploy ${deploy.id} is in progress here, which goes first`;
  return 'it has no successor yet: it waits for its turn, or for room on another host';
}

function endOf({ state }: InstanceRow, { healthy, unhealthyBecause }: Host): string {
  if (!healthy) return `it is to be removed, but its host does not answer (${unhealthyBecause ?? 'nobody knows why'})`;
  if (state === 'failed') return 'it failed, and is being removed';
  return state === 'draining' ? 'it is out of traffic and ends its requests' : 'it is being stopped';
}

function stepOf({ host, state }: InstanceRow): string {
  if (state === 'healthy') return `its successor on ${host} is healthy, and routers are given time to see it`;
  return `its successor on ${host} is not ${state === 'planned' ? 'started' : 'healthy'} yet`;
}
