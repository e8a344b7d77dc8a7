import { describe, expect, it } from 'vitest';
import { countOfOthers, type GroupCountFacts, groupCountOf, tellGroup } from './group-count.js';
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
    ['more than it was told', 4, {}, 4],
    ['fewer than it was told', 1, {}, 1],
    ['more than the pool may have', 9, {}, 5],
    ['what it was told', 2, {}, null],
    ['another, but was not told the last one yet', 4, { told: 1 }, null],
    ['another, but was told only just now', 4, { scaledAt: NOW - 1_000 }, null],
    ['another, a while after it was told', 4, { scaledAt: NOW - 61_000 }, 4],
  ])('is of others where it has %s', (_what, desired, facts, expected) => {
    expect(countOfOthers({ ...FACTS, ...facts }, sight(desired, { machines: 2 }))).toBe(expected);
  });
});

describe('what a group is told', () => {
  it.each([
    ['nothing, where it knows', group(3, ['InService', 'InService', 'Pending']), 3, null],
    ['more', group(2, ['InService', 'InService']), 4, { desired: 4 }],
    ['no fewer than it has machines', group(4, ['InService', 'InService', 'InService']), 2, { desired: 3 }],
    ['fewer, where machines never came', group(4, ['InService', 'Terminating:Wait']), 1, { desired: 1 }],
    ['with its limits, where they forbid it', group(2, [], { min: 1, max: 2 }), 4, { desired: 4, max: 5 }],
    ['with its least, where that forbids it', group(3, [], { min: 3, max: 5 }), 1, { desired: 1, min: 1 }],
  ])('is %s', (_what, seen, expected, told) => {
    expect(tellGroup(FACTS, seen, expected)).toEqual(told);
  });
});
