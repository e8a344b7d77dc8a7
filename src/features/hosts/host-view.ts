import type { Resources } from '../../domain/host/host.js';
import type { HostRow, InstanceRow } from '../../store/entities/index.js';
import type { HostLoad } from '../../store/repositories/host-loads.js';
import type { Names } from '../../store/repositories/names.js';
import type { HostDto, HostInstanceDto, ResourcesDto } from './host.dto.js';
import type { PooledHost } from './host-pools.js';

/** What Jockey knows of a host beside what Consul says. */
export interface HostSeen {
  readonly row: HostRow | undefined;
  readonly load: HostLoad;
  readonly running: number;
}

/** Names of the apps and environments of instances. */
export interface InstanceNames {
  readonly apps: Names;
  readonly environments: Names;
}

/** A host as the API shows it. */
export function viewOf({ host, pools }: PooledHost, { row, load, running }: HostSeen): HostDto {
  return {
    id: host.name,
    name: host.name,
    address: host.address,
    machine: host.machine,
    stack: pools[0].stack,
    environment: pools[0].environment,
    pools: pools.map(({ stack, environment }) => ({ stack, environment })),
    state: stateOf(row),
    health: { healthy: host.healthy, reason: host.unhealthyBecause },
    lost_since: row?.lostSince?.toISOString() ?? null,
    cordoned: row?.cordoned ?? false,
    reason: row?.reason ?? null,
    drain_requested_at: row?.drainRequestedAt?.toISOString() ?? null,
    capacity: capacityOf(host.capacity, row),
    reserved: resourcesOf(load.reserved),
    running_instances: running,
  };
}

/** What matters most of a host, in one word. */
function stateOf(row: HostRow | undefined): string {
  if (row === undefined) return 'active';
  if (row.lostSince !== null) return 'lost';
  if (row.drainRequestedAt !== null) return 'draining';
  return row.cordoned ? 'cordoned' : 'active';
}

/** An instance as the API shows it beside its host. */
export function instanceOf(row: InstanceRow, { apps, environments }: InstanceNames): HostInstanceDto {
  return {
    id: row.containerName,
    app: apps.get(row.appId) ?? '',
    environment: environments.get(row.environmentId) ?? '',
    worker: row.spec.name,
    slot: row.slot,
    deploy_id: row.deployId,
    port: row.hostPort,
    state: row.state,
  };
}

/** What Consul says of the host goes before what its Docker said once. */
function capacityOf(said: Resources | null, row: HostRow | undefined): ResourcesDto | null {
  if (said !== null) return resourcesOf(said);
  if (row === undefined || row.memoryMb === null || row.cpus === null) return null;
  return resourcesOf({ memoryMb: row.memoryMb, cpus: row.cpus });
}

/** Sums of cores in floating point are shown as people write them: 0.3, and not 0.30000000000000004. */
const resourcesOf = ({ memoryMb, cpus }: Resources): ResourcesDto => ({
  memory_mb: memoryMb,
  cpus: Math.round(cpus * 10_000) / 10_000,
});
