import type { CapacityHost, CapacityInstance, CapacityRole, WaitingRoom } from '../capacity/capacity.js';
import { isEnding } from './pool-host-state.js';
import type { PoolHostSight } from './pool-sight.js';

/** What of a host its part in the plan is decided by. */
export interface CapacityRules {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long what is on a lost host waits for it, in milliseconds. */
  readonly graceMs: number;
}

/** A host of a pool as its capacity is planned by; null for one of which nothing is left. */
export function capacityHostOf(
  sight: PoolHostSight,
  instances: readonly CapacityInstance[],
  rules: CapacityRules,
): CapacityHost | null {
  const name = sight.name ?? sight.instanceId;
  const role = name === null ? null : roleOf(sight, rules);
  if (name === null || role === null) return null;
  const pinned = sight.load.pinned > 0 ? 'it runs what may not move' : null;
  const { host, capacity } = sight;
  const known = role === 'coming' ? null : host;
  return { ...{ name, role, host: known, capacity, instances }, staysBecause: pinned, mayStay: mayStay(sight) };
}

/** What an operator has emptied stays in the pool as one of its hosts; what is on it looks for room elsewhere. */
export function waitingOn(sight: PoolHostSight, instances: readonly CapacityInstance[]): WaitingRoom[] {
  if (!isEmptiedByOperator(sight)) return [];
  return instances
    .filter(({ goes }) => !goes)
    .map(({ app, group, worker, resources, needsTcpDocker }) => ({
      ...{ who: `${worker} on host ${sight.name ?? ''}, which is emptied`, app, group, worker },
      ...{ each: resources, count: 1, needsTcpDocker },
    }));
}

/** Whether a host leaves because fewer are needed, and its group's count has still to go down for it. */
export function isLeavingByChoice({ machine, record }: PoolHostSight): boolean {
  return machine !== null && !isEnding(machine.lifecycleState) && record?.leavingCause === 'scale_in';
}

/** Whether a host is in Consul without being one of the group: it takes instances, but no limit or count is about it. */
export function isStranger({ machine, host, record }: PoolHostSight): boolean {
  return machine === null && host !== null && record?.instanceId == null;
}

function roleOf(sight: PoolHostSight, rules: CapacityRules): CapacityRole | null {
  switch (sight.state) {
    case 'gone':
      return sight.load.instances > 0 ? 'lost' : null;
    case 'terminating':
      return 'leaving';
    case 'draining':
      return isEmptiedByOperator(sight) ? 'cordoned' : 'leaving';
    case 'launching':
      return 'coming';
    case 'in_service':
    case 'registered':
      return roleInService(sight, rules);
  }
}

function roleInService({ host, record, load, takes }: PoolHostSight, { now, graceMs }: CapacityRules): CapacityRole {
  if (host === null) return record?.joinedAt == null ? 'coming' : 'lost';
  if (takes) return 'serves';
  const isLost = !host.healthy && load.lostSince !== null && now - load.lostSince >= graceMs;
  return isLost ? 'lost' : 'cordoned';
}

function isEmptiedByOperator({ state, load, machine, record }: PoolHostSight): boolean {
  const byGroup = record?.leavingSince != null || isEnding(machine?.lifecycleState ?? null);
  return state === 'draining' && load.draining && !byGroup;
}

function mayStay({ record, machine }: PoolHostSight): boolean {
  if (record === null || record.leavingCause !== 'scale_in' || record.releasedAt !== null) return false;
  return !isEnding(machine?.lifecycleState ?? null);
}
