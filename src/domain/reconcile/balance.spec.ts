import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { one, snapshot, standing, web } from '../../../test/factories/reconciles.js';
import { moveToBalance } from './balance.js';

/** So many of `web` on each host, each of 64 MB; `room` is what each host has free for more of them. */
function moves(counts: readonly number[], room: readonly number[] = counts.map(() => 100), policy = {}) {
  const instances = counts.flatMap((count, host) =>
    Array.from({ length: count }, (_, index) => one(host * 100 + index, { host: `h${host}`, id: `${host}-${index}` })),
  );
  const hosts = new Map(
    counts.map((_, host) => {
      const reserved = { memoryMb: 10_000 - 64 * (room[host] ?? 0), cpus: 0 };
      return [`h${host}`, standing({ reserved })] as const;
    }),
  );
  return moveToBalance(web(instances.length, policy), instances, snapshot({ hosts }));
}

const after = (counts: readonly number[], room?: readonly number[]): number[] => {
  const left = [...counts];
  for (const { each, onlyHost } of moves(counts, room)) {
    left[Number(each.instance.host.slice(1))]! -= 1;
    left[Number(onlyHost?.slice(1))]! += 1;
  }
  return left;
};

const counts = fc.array(fc.nat({ max: 8 }), { minLength: 2, maxLength: 6 });

describe('moveToBalance', () => {
  it('moves from the fullest to the emptiest, and never for a difference of one', () => {
    expect(after([4, 0])).toEqual([2, 2]);
    expect(moves([2, 1])).toEqual([]);
    expect(moves([1, 0])).toEqual([]);
    expect(moves([3, 1])).toMatchObject([{ onlyHost: 'h1', because: 'host h0 has 3 of it and h1 has 1' }]);
  });

  it('moves nothing where there is no room', () => {
    expect(moves([4, 0], [100, 0])).toEqual([]);
    expect(after([4, 0], [100, 1])).toEqual([3, 1]);
  });

  it('moves nothing that may not run twice: it would be down meanwhile', () => {
    expect(moves([4, 0], [100, 100], { strategy: 'recreate' })).toEqual([]);
  });

  it('leaves hosts that take nothing out of it', () => {
    const hosts = new Map([
      ['h0', standing()],
      ['h1', standing({ takes: false })],
      ['h2', standing({ capacity: null })],
    ]);
    const both = [one(1, { host: 'h0' }), one(2, { host: 'h0', id: 'second' })];
    expect(moveToBalance(web(2), both, snapshot({ hosts }))).toEqual([]);
  });

  it('ends with a difference of one at most where there is room, and has nothing to move then', () => {
    fc.assert(
      fc.property(counts, (given) => {
        const balanced = after(given);
        expect(Math.max(...balanced) - Math.min(...balanced)).toBeLessThanOrEqual(1);
        expect(moves(balanced)).toEqual([]);
      }),
    );
  });

  it('never gives a host more than it has room for, and moves no instance twice', () => {
    const places = fc.array(fc.nat({ max: 3 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(counts, places, (given, room) => {
        const made = moves(given, room);
        given.forEach((_, host) => {
          const come = made.filter(({ onlyHost }) => onlyHost === `h${host}`);
          expect(come.length).toBeLessThanOrEqual(room[host] ?? 0);
        });
        expect(new Set(made.map(({ each }) => each.instance.id)).size).toBe(made.length);
      }),
    );
  });
});
