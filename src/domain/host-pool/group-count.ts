import { isLeavingByChoice } from './capacity-host-of.js';
import { isEnding } from './pool-host-state.js';
import type { PoolSight, SightedGroup } from './pool-sight.js';

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

/**
 * The count that somebody else gave the group, as one of hosts that are wanted; null where nobody did. What the group was
 * not told yet, or was told only just now, it need not know.
 */
export function countOfOthers(facts: GroupCountFacts, sight: PoolSight): number | null {
  const { group, now } = sight;
  const expected = groupCountOf(facts, sight);
  if (group === null || group.desired === expected || facts.told !== expected) return null;
  if (facts.scaledAt !== null && now - facts.scaledAt < SETTLES_AFTER) return null;
  const wanted = facts.desired + group.desired - expected;
  const within = Math.max(facts.min, Math.min(facts.max, wanted));
  return within === facts.desired ? null : within;
}

/** What the group is to be told; null for nothing. Its limits are told with the count where they forbid it. */
export function tellGroup(
  facts: GroupCountFacts,
  group: SightedGroup,
  expected: number,
): { readonly desired: number; readonly min?: number; readonly max?: number } | null {
  const machines = group.instances.filter(({ lifecycleState }) => !isEnding(lifecycleState)).length;
  const desired = Math.max(expected, machines);
  if (group.desired === desired) return null;
  const min = group.min > desired ? { min: Math.min(facts.min, desired) } : {};
  const max = group.max < desired ? { max: Math.max(facts.max, desired) } : {};
  return { desired, ...min, ...max };
}
