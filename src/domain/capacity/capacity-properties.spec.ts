import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pools, waitingRooms } from '../../../test/factories/arbitrary-pools.js';
import { Chance } from '../../../test/factories/chance.js';
import { PoolWorld } from '../../../test/factories/pool-world.js';
import { poolHost } from '../../../test/factories/pools.js';
import { placeInstances } from '../placement/place-instances.js';
import type { CapacityDecision, CapacitySnapshot } from './capacity.js';
import { planCapacity } from './plan-capacity.js';
import { frameOf } from './pool-frame.js';
import { candidateFor, emptyRooms, sceneOf } from './pool-scene.js';

/** Looks after which nothing may change any more: enough for the longest delay and for every host to leave by itself. */
const LOOKS = 60;

const MANY = { numRuns: 200 };
const FEW = { numRuns: 30 };

/** All needs without a host once the decision is done. */
function unplacedAfter(snapshot: CapacitySnapshot, { desired, leave, stay }: CapacityDecision) {
  const hosts = snapshot.hosts.map((host) => {
    if (leave.includes(host.name)) return poolHost(host.name, { ...host, role: 'leaving' });
    return stay.includes(host.name) ? poolHost(host.name, { ...host, role: 'serves' }) : host;
  });
  const scene = sceneOf({ ...snapshot, hosts });
  const there = scene.rooms.length + scene.cordoned.length;
  const rooms = [...scene.rooms, ...emptyRooms(Math.max(0, desired - there), scene.offer)];
  const needs = [...scene.waiting, ...[...scene.displaced.values()].flat()];
  return placeInstances(
    needs,
    rooms.map((room) => candidateFor(room, new Set(needs.map(({ group }) => group)))),
  ).unplaced;
}

/** How often a series turns from up to down, or from down to up. */
function turnsOf(series: readonly number[]): number {
  const steps = series.slice(1).map((value, at) => Math.sign(value - (series[at] ?? value)));
  const moves = steps.filter((step) => step !== 0);
  return moves.filter((step, at) => at > 0 && step !== moves[at - 1]).length;
}

function atRest(world: PoolWorld): CapacityDecision {
  for (let look = 0; look < LOOKS; look += 1) world.look();
  return planCapacity(world.now);
}

describe('properties of capacity planning', { timeout: 60_000 }, () => {
  it('never leaves the limits', () => {
    fc.assert(
      fc.property(pools, (snapshot) => {
        const { min, max } = snapshot.policy;
        const { desired } = planCapacity(snapshot);
        expect(desired).toBeGreaterThanOrEqual(min);
        expect(desired).toBeLessThanOrEqual(max);
      }),
      MANY,
    );
  });

  it('decides the same of shuffled input', () => {
    fc.assert(
      fc.property(pools, fc.integer(), (snapshot, seed) => {
        const chance = new Chance(seed);
        const hosts = chance
          .shuffled(snapshot.hosts)
          .map((host) => ({ ...host, instances: chance.shuffled(host.instances) }));
        const shuffled = { ...snapshot, hosts, waiting: chance.shuffled(snapshot.waiting) };
        expect(planCapacity(shuffled)).toEqual(planCapacity(snapshot));
      }),
      MANY,
    );
  });

  it('gives room on the desired hosts to all that is wanted, by the real placement, unless the limits forbid it', () => {
    fc.assert(
      fc.property(pools, (snapshot) => {
        const decision = planCapacity(snapshot);
        fc.pre(decision.beyondMax === 0 && frameOf(snapshot).total <= snapshot.policy.max);
        expect(unplacedAfter(snapshot, decision)).toEqual([]);
      }),
      MANY,
    );
  });

  it('names only hosts that serve or come to leave, none that may not go, and only leaving ones to stay', () => {
    fc.assert(
      fc.property(pools, (snapshot) => {
        const { leave, stay } = planCapacity(snapshot);
        const named = (names: readonly string[]) => snapshot.hosts.filter(({ name }) => names.includes(name));
        expect(named(leave)).toHaveLength(leave.length);
        for (const { role, staysBecause, instances } of named(leave)) {
          expect(['serves', 'coming']).toContain(role);
          expect(staysBecause).toBeNull();
          expect(instances.filter(({ mayMove, goes }) => !mayMove && !goes)).toEqual([]);
        }
        for (const { role, mayStay } of named(stay))
          expect({ role, mayStay }).toEqual({ role: 'leaving', mayStay: true });
      }),
      MANY,
    );
  });

  // Packing is a heuristic: one more instance may by chance lead to a better packing of all, and that is worth one host.
  it('never wants more than one host fewer where more waits', () => {
    fc.assert(
      fc.property(pools, waitingRooms, (snapshot, more) => {
        const busier = { ...snapshot, waiting: [...snapshot.waiting, ...more] };
        expect(planCapacity(busier).desired).toBeGreaterThanOrEqual(planCapacity(snapshot).desired - 1);
      }),
      MANY,
    );
  });

  it('comes to rest, and never turns back on its way: up or down, not to and fro', () => {
    fc.assert(
      fc.property(pools, (snapshot) => {
        const world = new PoolWorld(snapshot);
        const last = atRest(world);
        expect({ cause: last.cause, leave: last.leave, stay: last.stay }).toEqual({ cause: null, leave: [], stay: [] });
        expect(turnsOf(world.history)).toBeLessThanOrEqual(1);
      }),
      FEW,
    );
  });

  it('says the same again of a pool in which nothing changes', () => {
    fc.assert(
      fc.property(pools, fc.integer({ min: 1, max: 3_600 }), (snapshot, seconds) => {
        const world = new PoolWorld(snapshot);
        const last = atRest(world);
        const later = planCapacity({ ...world.now, now: world.now.now + seconds * 1000 });
        expect(later.desired).toBe(last.desired);
      }),
      FEW,
    );
  });
});
