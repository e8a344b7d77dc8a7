import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidate, need } from '../../../test/factories/placement.js';
import type { RoomWanted } from '../capacity/room-wanted.js';
import { placeInstances } from '../placement/place-instances.js';
import { type Leaving, placeWaves, type WaveNeed } from '../placement/place-waves.js';
import type { Candidate } from '../placement/placement.js';
import { roomAsked } from './room-asked.js';

const OFFER = { memoryMb: 2048, cpus: 2 };
const SMALL = { memoryMb: 512, cpus: 0.1 };
const LARGE = { memoryMb: 1024, cpus: 0.1 };

/** Hosts that have so much memory free. */
const withFree = (...free: readonly number[]): Candidate[] =>
  free.map((memoryMb, at) => candidate(`h${at + 1}`, { reserved: { memoryMb: 2048 - memoryMb, cpus: 0 } }));

const one = (group: string, wave: number, resources = SMALL): WaveNeed => ({
  ...{ wave, onlyHost: null },
  need: need({ key: `${group}-${wave}`, group, worker: group, resources }),
});

/** Workers of other sizes, each in waves of its own, on hosts with little room left. */
const rollouts = fc.record({
  free: fc.array(fc.constantFrom(0, 128, 256, 512, 768, 1024, 1536), { minLength: 1, maxLength: 5 }),
  workers: fc.array(
    fc.record({ memoryMb: fc.constantFrom(128, 256, 512, 768, 1024), scale: fc.integer({ min: 1, max: 6 }) }),
    { minLength: 1, maxLength: 3 },
  ),
  leaves: fc.array(fc.record({ at: fc.nat({ max: 4 }), memoryMb: fc.constantFrom(128, 512, 768), wave: fc.nat(3) })),
});

type DraftsOf<A> = A extends fc.Arbitrary<infer Drafts> ? Drafts : never;

function madeUp({ free, workers, leaves }: DraftsOf<typeof rollouts>) {
  const hosts = withFree(...free);
  const needs = workers.flatMap(({ memoryMb, scale }, of) =>
    Array.from({ length: scale }, (_, at) => one(`w${of}`, at, { memoryMb, cpus: 0.1 })),
  );
  const leaving = leaves.map(({ at, memoryMb, wave }): Leaving => {
    return { host: `h${(at % free.length) + 1}`, resources: { memoryMb, cpus: 0.1 }, afterWave: wave };
  });
  return { needs, leaving, hosts };
}

/** What a pool makes of what it was asked. */
function unplacedOf(asked: readonly RoomWanted[], hosts: readonly Candidate[]): number {
  const needs = asked.flatMap(({ workerId: group, each: resources, count }) =>
    Array.from({ length: count }, (_, at) => need({ key: `${group}-${at}`, group, slot: at + 1, resources })),
  );
  return placeInstances(needs, hosts).unplaced.length;
}

describe('roomAsked', () => {
  it('asks for more of the largest than there are places for, where all fits at once and not in its waves', () => {
    const needs = [one('small', 0), one('large', 1, LARGE)];
    const rollout = { needs, leaving: [], hosts: withFree(1024, 512) };
    expect(roomAsked(rollout, { count: 1, offer: OFFER })).toMatchObject([{ worker: 'large', count: 2 }]);
    expect(roomAsked(rollout, { count: 3, offer: OFFER })).toMatchObject([{ worker: 'large', count: 6 }]);
    expect(roomAsked(rollout, { count: 1, offer: null })).toMatchObject([{ worker: 'large', count: 2 }]);
  });

  it('always asks for what the hosts that are there have no room for, else none would come', () => {
    fc.assert(
      fc.property(rollouts, (drafts) => {
        const { needs, leaving, hosts } = madeUp(drafts);
        fc.pre(placeWaves(needs, hosts, leaving).unplaced.length > 0);
        const asked = roomAsked({ needs, leaving, hosts }, { count: 1, offer: OFFER });
        expect(unplacedOf(asked, hosts)).toBeGreaterThan(0);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });
});
