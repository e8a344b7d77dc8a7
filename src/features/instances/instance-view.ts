import type { InstanceRow } from '../../store/entities/index.js';
import type { PlacesSeen } from '../../store/repositories/places.js';
import { placeViewOf } from '../apps/place-view.js';
import type { ListedInstanceDto } from './instance.dto.js';

/** What stands around instances. */
export interface InstancesSeen extends PlacesSeen {
  /** Commits by the id of the deploy. */
  readonly commits: ReadonlyMap<string, string>;
}

/** An instance as it stands on the wire. */
export function viewOf(row: InstanceRow, seen: InstancesSeen): ListedInstanceDto {
  return {
    id: row.id,
    name: row.containerName,
    ...placeViewOf(row, seen),
    worker: row.spec.name,
    slot: row.slot,
    deploy_id: row.deployId,
    rref: seen.commits.get(row.deployId) ?? '',
    host: row.host,
    port: row.hostPort,
    state: row.state,
    desired: row.desired,
    standby: row.standby,
    memory_mb: row.memoryMb,
    cpus: row.cpus,
    failure_reason: row.failure?.cause ?? null,
    created_at: row.plannedAt.toISOString(),
    started_at: row.startedAt?.toISOString() ?? null,
    healthy_at: row.healthyAt?.toISOString() ?? null,
    ended_at: row.endedAt?.toISOString() ?? null,
  };
}
