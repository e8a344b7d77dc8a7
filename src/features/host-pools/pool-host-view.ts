import type { Host, Resources } from '../../domain/host/host.js';
import type { PoolHostSight, SightedMachine } from '../../domain/host-pool/pool-sight.js';
import type { ResourcesDto } from '../hosts/host.dto.js';
import type { PoolHostDto, PoolLeavingDto, PoolMachineDto, PoolNodeDto } from './pool-host.dto.js';

/** A host of a pool as the API shows it. */
export function poolHostViewOf(sight: PoolHostSight): PoolHostDto {
  const { name, instanceId, state, machine, host, load, capacity } = sight;
  return {
    name,
    machine: instanceId,
    state,
    group: machine === null ? null : machineViewOf(machine),
    consul: host === null ? null : nodeViewOf(host),
    takes_instances: sight.takes,
    capacity: capacity === null ? null : resourcesOf(capacity),
    reserved: resourcesOf(load.reserved),
    instances: load.instances,
    instances_that_stay: load.pinned,
    leaving: leavingOf(sight),
    trouble: sight.record?.trouble ?? null,
  };
}

/** Sums of cores in floating point are shown as people write them: 0.3, and not 0.30000000000000004. */
export const resourcesOf = ({ memoryMb, cpus }: Resources): ResourcesDto => ({
  memory_mb: memoryMb,
  cpus: Math.round(cpus * 10_000) / 10_000,
});

function machineViewOf(machine: SightedMachine): PoolMachineDto {
  return {
    lifecycle_state: machine.lifecycleState,
    healthy: machine.healthy,
    protected: machine.protectedFromScaleIn,
    instance_type: machine.instanceType,
    zone: machine.zone,
  };
}

const nodeViewOf = ({ address, healthy, unhealthyBecause }: Host): PoolNodeDto => ({
  address,
  healthy,
  reason: unhealthyBecause,
});

/** One that an operator empties leaves its containers, though no row says that it goes. */
function leavingOf({ record, load }: PoolHostSight): PoolLeavingDto | null {
  if (record !== null && record.leavingSince !== null)
    return {
      cause: record.leavingCause,
      reason: record.leavingReason,
      since: new Date(record.leavingSince).toISOString(),
    };
  return load.draining ? { cause: 'operator', reason: load.cordonReason, since: null } : null;
}
