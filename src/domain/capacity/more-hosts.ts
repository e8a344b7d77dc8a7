import type { Need } from '../placement/placement.js';
import { amountOf, plus, sumOf, times } from './amount.js';
import type { CapacityHost } from './capacity.js';
import { type Fit, fit, leavesHeadRoom, needsOf } from './fit.js';
import { capacityOf, emptyRooms, type PoolRoom, type PoolScene, roomOf, stayingOn } from './pool-scene.js';
import { smallest } from '../kernel/smallest.js';

/** What gives room to all that lacks it. */
export interface MoreHosts {
  /** Names of the leaving hosts that stay after all. */
  readonly stay: readonly string[];
  /** New hosts. */
  readonly added: number;
  /** What lacks room before. */
  readonly before: Fit;
  /** What lacks room still, because no more hosts are allowed. */
  readonly lacking: readonly Need[];
}

/**
 * The fewest hosts, of at most so many, that give room to what waits and what has to move, head-room too. Hosts that are
 * about to leave are taken back first: they are there already, and what is on them need not move.
 */
export function moreHosts(scene: PoolScene, rooms: readonly PoolRoom[], most: number): MoreHosts {
  const before = fit(rooms, needsOf(scene), scene);
  if (before.isEnough || most <= 0) return { stay: [], added: 0, before, lacking: before.lacking };
  const takeable = scene.takeable.slice(0, most);
  const taken = smallest(1, takeable.length, (count) => withTaken(scene, rooms, takeable.slice(0, count)).isEnough);
  const stay = takeable.slice(0, taken ?? takeable.length);
  const names = stay.map(({ name }) => name);
  if (taken !== null) return { stay: names, added: 0, before, lacking: [] };
  return { stay: names, before, ...added(scene, [...rooms, ...roomsOf(scene, stay)], { names, most }) };
}

function withTaken(scene: PoolScene, rooms: readonly PoolRoom[], stay: readonly CapacityHost[]): Fit {
  const needs = needsOf(scene, new Set(stay.map(({ name }) => name)));
  return fit([...rooms, ...roomsOf(scene, stay)], needs, scene);
}

function added(
  scene: PoolScene,
  rooms: readonly PoolRoom[],
  { names, most }: { readonly names: readonly string[]; readonly most: number },
): Pick<MoreHosts, 'added' | 'lacking'> {
  const needs = needsOf(scene, new Set(names));
  const room = most - names.length;
  if (scene.offer === null) return oneToLearnFrom(fit(rooms, needs, scene), rooms, room);
  const trial = (count: number) => fit([...rooms, ...emptyRooms(count, scene.offer)], needs, scene);
  const count = smallest(
    Math.min(room, Math.max(1, atLeast(scene, rooms, needs))),
    room,
    (tried) => trial(tried).isEnough,
  );
  return { added: count ?? room, lacking: count === null ? trial(room).lacking : [] };
}

/** Nobody knows what a host offers: one is started, unless one is on its way already. */
function oneToLearnFrom(
  { lacking }: Fit,
  rooms: readonly PoolRoom[],
  most: number,
): Pick<MoreHosts, 'added' | 'lacking'> {
  const onItsWay = rooms.some(({ of }) => of === null || of.role === 'coming');
  return { added: lacking.length === 0 || onItsWay ? 0 : Math.min(1, most), lacking };
}

/** Fewer new hosts than that have not enough in sum, wherever each instance goes. */
function atLeast(scene: PoolScene, rooms: readonly PoolRoom[], needs: readonly Need[]): number {
  const load = plus(stayingOn(rooms), sumOf(needs.map(({ resources }) => resources)));
  const there = capacityOf(rooms);
  const each = amountOf(scene.offer ?? { memoryMb: 0, cpus: 0 });
  const enough = (count: number) => leavesHeadRoom(load, plus(there, times(each, count)), scene);
  return smallest(0, Number.MAX_SAFE_INTEGER >> 20, enough) ?? 0;
}

function roomsOf({ offer }: PoolScene, hosts: readonly CapacityHost[]): PoolRoom[] {
  return hosts.map((host) => roomOf(host, offer));
}
