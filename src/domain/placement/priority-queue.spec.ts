import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriorityQueue } from './priority-queue.js';

const ascending = (one: number, other: number): boolean => one < other;

function drained(queue: PriorityQueue<number>): number[] {
  const items: number[] = [];
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) items.push(item);
  return items;
}

const sorted = (items: readonly number[]): number[] => [...items].sort((one, other) => one - other);

describe('a priority queue', () => {
  it('gives its items in order, those it began with and those that came later', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (first, later) => {
        const queue = new PriorityQueue(ascending, first);
        for (const item of later) queue.push(item);
        expect(queue.peek()).toBe(sorted([...first, ...later])[0]);
        expect(drained(queue)).toEqual(sorted([...first, ...later]));
      }),
    );
  });

  it('finds the place of the first item again when its rank got worse', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.nat(), (ranks, worse) => {
        const queue = new PriorityQueue<{ rank: number }>(
          (one, other) => one.rank < other.rank,
          ranks.map((rank) => ({ rank })),
        );
        const first = queue.peek() as { rank: number };
        first.rank += worse;
        queue.demoteFirst();
        const [least, ...rest] = sorted(ranks) as [number, ...number[]];
        expect(queue.peek()?.rank).toBe(Math.min(least + worse, ...rest));
      }),
    );
  });

  it('leaves the items that it was given as they were', () => {
    const items = [3, 1, 2];
    drained(new PriorityQueue(ascending, items));
    expect(items).toEqual([3, 1, 2]);
  });

  it('has nothing first when it is empty', () => {
    const queue = new PriorityQueue(ascending);
    expect([queue.peek(), queue.pop()]).toEqual([undefined, undefined]);
  });
});
