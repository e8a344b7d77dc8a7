import { isLeavingByChoice } from './capacity-host-of.js';
import { isEnding } from './pool-host-state.js';
import type { PoolHostSight, PoolSight, SightedGroup } from './pool-sight.js';

/** The count of a pool, by all who have a word in it. */
export interface GroupCountFacts {
  /** How many hosts Jockey wants. */
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  /** The count that the group was last told, or agreed to; null before the first time. */
  readonly told: number | null;
  /** When the desired count last changed, in milliseconds since 1970; null for never. */
  readonly scaledAt: number | null;
}

/** So long after a change of the count the group's answer may still be that from before, in milliseconds. */
const SETTLES_AFTER = 60_000;

/**
 * The count that the group should have: beside the hosts that are wanted those that leave by Jockey's choice, as long as
 * their machines have not ended. It is never told fewer than it has machines: which goes is not left to it.
 */
export function groupCountOf({ desired }: Pick<GroupCountFacts, 'desired'>, sight: PoolSight): number {
  return desired + sight.hosts.filter(isLeavingByChoice).length;
}

/** The count that somebody else gave the group, as one of hosts that are wanted; null where nobody surely did. */
export function countOfOthers(facts: GroupCountFacts, sight: PoolSight): number | null {
  return mayBeFromBefore(facts, sight) ? null : givenCount(facts, sight);
}

/**
 * Whether the group's count may be the one from before it was told, or somebody else's: until that is clear it is neither
 * taken over nor told again. A machine that others had end since then is in no answer from before.
 */
export function mayBeFromBefore(facts: GroupCountFacts, sight: PoolSight): boolean {
  const { scaledAt } = facts;
  if (scaledAt === null || sight.now - scaledAt >= SETTLES_AFTER || givenCount(facts, sight) === null) return false;
  return !sight.hosts.some((host) => isEndedByOthers(host) && (host.record?.leavingSince ?? 0) > scaledAt);
}

/** What the group was not told yet it need not know. */
function givenCount(facts: GroupCountFacts, sight: PoolSight): number | null {
  const { group } = sight;
  const expected = groupCountOf(facts, sight);
  if (group === null || group.desired === expected || facts.told !== expected) return null;
  const wanted = facts.desired + group.desired - expected;
  const within = Math.max(facts.min, Math.min(facts.max, wanted));
  return within === facts.desired ? null : within;
}

function isEndedByOthers({ machine, record }: PoolHostSight): boolean {
  const byOthers = record?.leavingCause === 'group' || record?.leavingCause === 'unhealthy';
  return byOthers && isEnding(machine?.lifecycleState ?? null);
}

/** The count that the group gets for the expected one: never fewer than it has machines. */
export function leastCountOf({ instances }: SightedGroup, expected: number): number {
  return Math.max(expected, instances.filter(({ lifecycleState }) => !isEnding(lifecycleState)).length);
}

/** What the group is to be told; null for nothing. Its limits are told with the count where they forbid it. */
export function tellGroup(
  facts: GroupCountFacts,
  group: SightedGroup,
  expected: number,
): { readonly desired: number; readonly min?: number; readonly max?: number } | null {
  const desired = leastCountOf(group, expected);
  if (group.desired === desired) return null;
  const min = group.min > desired ? { min: Math.min(facts.min, desired) } : {};
  const max = group.max < desired ? { max: Math.max(facts.max, desired) } : {};
  return { desired, ...min, ...max };
}
