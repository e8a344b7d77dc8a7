import { HEARTBEAT_SECONDS } from './group-marks.js';
import { isEnding, isHeld } from './pool-host-state.js';
import type { PoolHostRules, PoolHostStep } from './pool-host-step.js';
import type { PoolHostRecord, PoolHostSight, PoolSight, SightedMachine } from './pool-sight.js';

/** Signs of life come so much sooner than they are missed: one may be late, or lost, three times. In milliseconds. */
const HEARTBEAT_EVERY = (HEARTBEAT_SECONDS * 1000) / 4;

/** After so long in vain, a machine that was let go is ended once more, in milliseconds. */
const END_AGAIN_AFTER = 60_000;

/** A machine of a group that is written down, and all around it. */
export interface Member {
  readonly each: PoolHostSight;
  readonly machine: SightedMachine;
  readonly record: PoolHostRecord;
  readonly sight: PoolSight;
  readonly rules: PoolHostRules;
}

/** What is done next for a machine that the group ends already: it is emptied, and let go when it is, or out of time. */
export function planEnding(member: Member): PoolHostStep[] {
  const { machine, record } = member;
  if (record.leavingSince === null) return [leaveWithGroup(member)];
  const again = emptyAgain(member);
  if (!isHeld(machine.lifecycleState)) return again;
  const held = { recordId: record.id, machine: machine.id };
  if (record.releasedAt !== null) return [{ kind: 'release', ...held, because: 'It was let go already.' }];
  const because = reasonToLetGo(member);
  if (because !== null) return [{ kind: 'release', ...held, because }];
  const isDue = record.heartbeatAt === null || member.sight.now - record.heartbeatAt >= HEARTBEAT_EVERY;
  return isDue ? [...again, { kind: 'heartbeat', ...held }] : again;
}

/** What is done next for a machine in service that is to leave. */
export function planLeaving(member: Member): PoolHostStep[] {
  const { machine, record, sight } = member;
  if (record.leavingSince === null) return [];
  if (wasTakenBack(member))
    return [
      { kind: 'stay', recordId: record.id, because: `Somebody lets host ${nameOf(member)} take instances again.` },
    ];
  const again = emptyAgain(member);
  if (sight.mode === 'advice') return again;
  if (record.releasedAt !== null && sight.now - record.releasedAt < END_AGAIN_AFTER) return again;
  const step = { kind: 'terminate', recordId: record.id, machine: machine.id, smaller: false } as const;
  const because = record.releasedAt === null ? reasonToLetGo(member) : 'It was let go, and is still there.';
  if (because !== null) return [{ ...step, letGo: true, because }];
  return mayBeHeld(member) ? [{ ...step, letGo: false, because: record.leavingReason ?? '' }, ...again] : again;
}

/**
 * A machine that is taken away in minutes is ended at once where the group's hook holds it: then the group starts
 * another beside it, while it is emptied.
 */
function mayBeHeld({ record, sight }: Member): boolean {
  const goesAnyway = record.leavingCause === 'spot_interruption' || record.leavingCause === 'rebalance';
  return goesAnyway && (sight.group?.terminationHooks.length ?? 0) > 0;
}

/** Why nothing on a host that leaves is waited for any more; null while something is. */
export function reasonToLetGo({ each, record, sight, rules }: Member): string | null {
  const { load } = each;
  const name = each.name ?? record.host;
  if (each.host === null && record.host === null)
    return sight.consulTrouble === null ? 'It never joined, and nothing is on it.' : null;
  if (load.instances + load.tasks === 0) return `Nothing of Jockey is left on host ${name ?? ''}.`;
  const isLost = load.lostSince !== null && each.host?.healthy !== true;
  if (isLost && load.wanted === 0) return `Host ${name ?? ''} is lost, and everything on it was replaced elsewhere.`;
  const seconds = (sight.now - (record.leavingSince ?? sight.now)) / 1000;
  if (seconds < rules.drainDeadlineSeconds) return null;
  return `Host ${name ?? ''} could not be emptied in ${rules.drainDeadlineSeconds} s: ${load.wanted} instances have no place elsewhere.`;
}

/** Why a machine that is in service should be replaced; null for one that should not. */
export function planBroken({ each, record, sight, rules, machine }: Member): PoolHostStep[] {
  const deadline = rules.joinDeadlineSeconds;
  const step = { kind: 'leave', recordId: record.id } as const;
  const waited = (sight.now - record.launchedAt) / 1000;
  if (each.host === null && record.joinedAt === null && waited > deadline) {
    const because = `Machine ${machine.id} was launched ${Math.floor(waited)} s ago and never joined Consul.`;
    return [{ ...step, cause: 'never_joined', because }];
  }
  const { lostSince } = each.load;
  if (each.host?.healthy !== false || lostSince === null || (sight.now - lostSince) / 1000 <= deadline) return [];
  const because = `Host ${each.host.name} is lost since ${new Date(lostSince).toISOString()}.`;
  return [{ ...step, cause: 'unhealthy', because }];
}

function leaveWithGroup({ record, machine }: Member): PoolHostStep {
  const step = { kind: 'leave', recordId: record.id } as const;
  return machine.healthy
    ? { ...step, cause: 'group', because: `The group ends machine ${machine.id}.` }
    : { ...step, cause: 'unhealthy', because: `The group ends machine ${machine.id}, which it holds for broken.` };
}

/** An operator's word counts while it can: whoever ends the cordon of a host that leaves wants it to stay. */
function wasTakenBack({ each, record }: Member): boolean {
  if (record.host === null || each.name !== record.host || each.load.cordoned || record.releasedAt !== null)
    return false;
  return (
    record.leavingCause === 'scale_in' || record.leavingCause === 'rebalance' || record.leavingCause === 'operator'
  );
}

/** Of a host that leaves in any case, the cordon is no choice. */
function emptyAgain({ each, record }: Member): PoolHostStep[] {
  const { host, leavingReason } = record;
  if (host === null || each.name !== host || (each.load.cordoned && each.load.draining)) return [];
  return [{ kind: 'empty', recordId: record.id, host, because: leavingReason ?? '' }];
}

function nameOf({ each, machine }: Member): string {
  return each.name ?? machine.id;
}

/** Whether the group ends it. */
export function isGoing({ machine }: Member): boolean {
  return isEnding(machine.lifecycleState);
}
