import type { Resources } from '../../domain/host/host.js';
import type { LaunchSettings } from '../../domain/host-pool/host-pool.js';
import type { PoolHostState } from '../../domain/host-pool/pool-host.js';
import type { PoolHostSight, PoolSight, SightedGroup } from '../../domain/host-pool/pool-sight.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import type { ResourcesDto } from '../hosts/host.dto.js';
import type { PoolCountsDto, PoolDto, PoolGroupDto, PoolPolicyDto, PoolUseDto } from './host-pool.dto.js';
import type { LaunchDto } from './launch.dto.js';
import { poolHostViewOf, resourcesOf } from './pool-host-view.js';

/** A pool as the API shows it. */
export function viewOf(row: HostPoolRow, sight: PoolSight): PoolDto {
  const living = sight.hosts.filter(({ state }) => state !== 'gone');
  return {
    id: row.id,
    stack: sight.stack,
    environment: sight.environment,
    kind: row.kind,
    group_name: row.groupName,
    region: row.region,
    launch: row.launch === null ? null : launchViewOf(row.launch),
    offer: offerViewOf(row),
    ...policyViewOf(row),
    desired_hosts: row.kind === 'static' ? living.length : row.desiredHosts,
    effective_mode: sight.mode,
    group: sight.group === null ? null : groupViewOf(sight.group),
    counts: countsOf(living.map(({ state }) => state)),
    use: useOf(living),
    hosts: living.map(poolHostViewOf),
    disagreements: [...sight.disagreements],
    ...standOf(row, sight),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

function policyViewOf(row: HostPoolRow): PoolPolicyDto {
  return {
    min_hosts: row.minHosts,
    max_hosts: row.maxHosts,
    desired_hosts: row.desiredHosts,
    mode: row.mode,
    head_room_percent: row.headRoomPercent,
    scale_in_after_seconds: row.scaleInAfterSeconds,
    cool_down_seconds: row.coolDownSeconds,
    scale_to_zero: row.scaleToZero,
    join_deadline_seconds: row.joinDeadlineSeconds,
    drain_deadline_seconds: row.drainDeadlineSeconds,
    wait_for_room_seconds: row.waitForRoomSeconds,
  };
}

/** What is seen now goes before what the engine saw last. */
function standOf(row: HostPoolRow, { groupTrouble, consulTrouble }: PoolSight) {
  const { advice } = row;
  return {
    advice:
      advice === null
        ? null
        : { desired_hosts: advice.desired, reason: advice.reason, leave: [...advice.leave], at: advice.at },
    trouble: groupTrouble ?? consulTrouble ?? row.trouble,
    trouble_since: row.troubleSince?.toISOString() ?? null,
    surplus_since: row.surplusSince?.toISOString() ?? null,
    scaled_at: row.scaledAt?.toISOString() ?? null,
  };
}

/** Launch settings as the API shows them. */
export function launchViewOf(launch: LaunchSettings): LaunchDto {
  return {
    image_id: launch.imageId,
    instance_types: [...launch.instanceTypes],
    subnets: [...launch.subnets],
    security_groups: [...launch.securityGroups],
    instance_profile: launch.instanceProfile,
    key_name: launch.keyName,
  };
}

function groupViewOf({ min, max, desired, instances, suspended, lastFailure }: SightedGroup): PoolGroupDto {
  return {
    min_hosts: min,
    max_hosts: max,
    desired_hosts: desired,
    machines: instances.length,
    suspended: [...suspended],
    last_failure: lastFailure,
  };
}

function countsOf(states: readonly PoolHostState[]): PoolCountsDto {
  const count = (wanted: PoolHostState): number => states.filter((state) => state === wanted).length;
  return {
    launching: count('launching'),
    in_service: count('in_service'),
    registered: count('registered'),
    draining: count('draining'),
    terminating: count('terminating'),
  };
}

/** Only hosts that take instances are room. */
function useOf(hosts: readonly PoolHostSight[]): PoolUseDto {
  const taking = hosts.filter(({ takes }) => takes);
  const capacity = sumOf(taking.flatMap((host) => host.capacity ?? []));
  const reserved = sumOf(taking.map(({ load }) => load.reserved));
  return {
    hosts: taking.length,
    capacity: resourcesOf(capacity),
    reserved: resourcesOf(reserved),
    memory_percent: percentOf(reserved.memoryMb, capacity.memoryMb),
    cpu_percent: percentOf(reserved.cpus, capacity.cpus),
  };
}

/** A share in percent, rounded; null of nothing. */
export function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 100);
}

/** What a host offers as it is written down; null where it is not. */
export function offerViewOf({ memoryMb, cpus }: HostPoolRow): ResourcesDto | null {
  return memoryMb === null || cpus === null ? null : { memory_mb: memoryMb, cpus };
}

function sumOf(all: readonly Resources[]): Resources {
  return all.reduce((sum, { memoryMb, cpus }) => ({ memoryMb: sum.memoryMb + memoryMb, cpus: sum.cpus + cpus }), {
    memoryMb: 0,
    cpus: 0,
  });
}
