import { describe, expect, it } from 'vitest';
import { countOfOthers, type GroupCountFacts, groupCountOf, mayBeFromBefore, tellGroup } from './group-count.js';
import type { PoolHostSight, PoolSight, SightedGroup } from './pool-sight.js';

const NOW = 1_000_000;
const FACTS: GroupCountFacts = { desired: 2, min: 1, max: 5, told: 2, scaledAt: null };

const machine = (number: number, lifecycleState = 'InService') => ({ id: `i-${number}`, lifecycleState });

function group(desired: number, states: readonly string[], limits = { min: 1, max: 5 }): SightedGroup {
  const instances = states.map((state, index) => machine(index, state));
  return { ...limits, desired, instances } as unknown as SightedGroup;
}

/** `leaving`: how many of the machines leave by Jockey's choice. */
function sight(desired: number, { machines = desired, leaving = 0 } = {}): PoolSight {
  const states = Array.from({ length: machines }, () => 'InService');
  const hosts = states.map((state, index) => {
    const record = { leavingCause: index < leaving ? 'scale_in' : null };
    return { machine: machine(index, state), record } as unknown as PoolHostSight;
  });
  return { now: NOW, group: group(desired, states), hosts } as unknown as PoolSight;
}

describe('the count of a group', () => {
  it('has those that leave by choice in it, until their machines end', () => {
    expect(groupCountOf(FACTS, sight(3, { leaving: 1 }))).toBe(3);
  });

  it.each([
    { has: 'more than it was told', desired: 4, facts: {}, expected: 4 },
    { has: 'fewer than it was told', desired: 1, facts: {}, expected: 1 },
    { has: 'more than the pool may have', desired: 9, facts: {}, expected: 5 },
    { has: 'what it was told', desired: 2, facts: {}, expected: null },
    { has: 'another, but was not told the last one yet', desired: 4, facts: { told: 1 }, expected: null },
    { has: 'another, but was told only just now', desired: 4, facts: { scaledAt: NOW - 1_000 }, expected: null },
    { has: 'another, a while after it was told', desired: 4, facts: { scaledAt: NOW - 61_000 }, expected: 4 },
  ])('is of others where it has $has', ({ desired, facts, expected }) => {
    expect(countOfOthers({ ...FACTS, ...facts }, sight(desired, { machines: 2 }))).toBe(expected);
  });
});

describe('a count that may still be from before it was told', () => {
  const facts = { ...FACTS, scaledAt: NOW - 30_000 };
  const ending = (leavingSince: number, leavingCause = 'group') =>
    ({ machine: machine(9, 'Terminating:Wait'), record: { leavingCause, leavingSince } }) as unknown as PoolHostSight;
  const seen = (...hosts: readonly PoolHostSight[]) => ({ ...sight(1), hosts });

  it('is neither taken over nor told again, until that is clear', () => {
    expect(mayBeFromBefore(facts, sight(1))).toBe(true);
    expect(countOfOthers(facts, sight(1))).toBeNull();
    expect(mayBeFromBefore({ ...facts, scaledAt: NOW - 61_000 }, sight(1))).toBe(false);
    expect(mayBeFromBefore(facts, sight(2))).toBe(false);
  });

  it('is somebody’s where others had a machine end since then', () => {
    expect(countOfOthers(facts, seen(ending(NOW - 10_000)))).toBe(1);
    expect(countOfOthers(facts, seen(ending(NOW - 40_000)))).toBeNull();
    expect(countOfOthers(facts, seen(ending(NOW - 10_000, 'never_joined')))).toBeNull();
  });
});

describe('what a group is told', () => {
  it.each([
    { what: 'nothing, where it knows', seen: group(3, ['InService', 'InService', 'Pending']), expected: 3, told: null },
    { what: 'more', seen: group(2, ['InService', 'InService']), expected: 4, told: { desired: 4 } },
    {
      what: 'no fewer than it has machines',
      seen: group(4, ['InService', 'InService', 'InService']),
      ...{ expected: 2, told: { desired: 3 } },
    },
    {
      what: 'fewer, where machines never came',
      seen: group(4, ['InService', 'Terminating:Wait']),
      ...{ expected: 1, told: { desired: 1 } },
    },
    {
      what: 'with its limits, where they forbid it',
      seen: group(2, [], { min: 1, max: 2 }),
      ...{ expected: 4, told: { desired: 4, max: 5 } },
    },
    {
      what: 'with its least, where that forbids it',
      seen: group(3, [], { min: 3, max: 5 }),
      ...{ expected: 1, told: { desired: 1, min: 1 } },
    },
  ])('is $what', ({ seen, expected, told }) => {
    expect(tellGroup(FACTS, seen, expected)).toEqual(told);
  });
});
