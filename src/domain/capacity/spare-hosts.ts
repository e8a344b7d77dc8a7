import type { Need, Placed } from '../placement/placement.js';
import { plus, sumOf } from './amount.js';
import { type Fit, fit, leavesHeadRoom, needsOf } from './fit.js';
import { capacityOf, movesOf, type PoolRoom, type PoolScene, stayingOn } from './pool-scene.js';

/** How hosts are chosen that can be spared. */
export interface SpareRules {
  /** No more than so many. */
  readonly most: number;
  /** Whether head-room has to be left, and room for all that waits. */
  readonly headRoom: boolean;
  /** Whether a worker on two hosts or more has to stay on two or more. */
  readonly spread: boolean;
  /** So many choices are tried; each is a placement. */
  readonly tries: number;
}

/** Hosts that can be spared: what is on them fits on the others. */
export interface SpareHosts {
  readonly rooms: readonly PoolRoom[];
  /** Instances that have to move. */
  readonly moves: number;
}

const NONE: SpareHosts = { rooms: [], moves: 0 };

/**
 * The cheapest hosts to empty, as many as can be spared by the rules: none that may not go, and what is on them fits on
 * the others by the real placement, beside all that waits.
 */
export function spareHosts(scene: PoolScene, rooms: readonly PoolRoom[], rules: SpareRules): SpareHosts {
  let candidates: readonly PoolRoom[] = rooms.filter(mayGo).sort(byCost);
  let count = rules.most;
  for (let tries = 0; tries < rules.tries && count > 0; tries += 1) {
    const chosen = withinRoom(scene, rooms, { candidates: candidates.slice(0, count), rules });
    if (chosen.length === 0) return NONE;
    const { moves, stuck, isEnough } = attempt(scene, rooms, { chosen, rules });
    if (isEnough) return { rooms: chosen, moves };
    ({ candidates, count } = fewer(candidates, chosen, stuck));
  }
  return NONE;
}

/** A few that cannot be emptied are passed over; where many cannot, it is the sum that does not fit: fewer go. */
function fewer(candidates: readonly PoolRoom[], chosen: readonly PoolRoom[], stuck: ReadonlySet<string>) {
  const count = chosen.length;
  if (count === 1) return { candidates: candidates.filter((room) => room !== chosen[0]), count };
  if (stuck.size > 0 && stuck.size * 2 <= count)
    return { candidates: candidates.filter(({ name }) => !stuck.has(name)), count };
  return { candidates, count: count - Math.max(1, count >> 2) };
}

/** Whether a host may be chosen to leave at all. */
export function mayGo({ of }: PoolRoom): boolean {
  if (of === null) return true;
  return of.staysBecause === null && of.instances.every(({ mayMove, goes }) => mayMove || goes);
}

/** What was never launched, what is not there yet, then by what has to move: instances, their memory, their name. */
function byCost(one: PoolRoom, other: PoolRoom): number {
  return (
    Number(one.of !== null) - Number(other.of !== null) ||
    Number(one.of?.role !== 'coming') - Number(other.of?.role !== 'coming') ||
    costOf(one) - costOf(other) ||
    one.staying.memoryMb - other.staying.memoryMb ||
    (one.name < other.name ? -1 : 1)
  );
}

function costOf({ of }: PoolRoom): number {
  return of === null ? 0 : movesOf(of);
}

interface Choice {
  readonly chosen: readonly PoolRoom[];
  readonly rules: SpareRules;
}

/** As many of the first as can go before what is left has too little in sum. */
function withinRoom(
  scene: PoolScene,
  rooms: readonly PoolRoom[],
  { candidates, rules }: { readonly candidates: readonly PoolRoom[]; readonly rules: SpareRules },
): readonly PoolRoom[] {
  const load = plus(stayingOn(rooms), sumOf(needsOf(scene).map(({ resources }) => resources)));
  let left = capacityOf(rooms);
  const count = candidates.findIndex(({ capacity }) => {
    left = { memoryMb: left.memoryMb - capacity.memoryMb, micro: left.micro - capacity.micro };
    return rules.headRoom
      ? !leavesHeadRoom(load, left, scene)
      : left.memoryMb < load.memoryMb || left.micro < load.micro;
  });
  return count === -1 ? candidates : candidates.slice(0, count);
}

interface Attempt {
  readonly moves: number;
  /** Names of the hosts whose instances find no place. */
  readonly stuck: ReadonlySet<string>;
  readonly isEnough: boolean;
}

function attempt(scene: PoolScene, rooms: readonly PoolRoom[], { chosen, rules }: Choice): Attempt {
  const leaving = new Set(chosen);
  const rest = rooms.filter((room) => !leaving.has(room));
  const moving = new Map(chosen.flatMap((room) => movesFrom(room).map((need) => [need, room.name] as const)));
  const tried = fit(rest, [...moving.keys(), ...needsOf(scene)], scene);
  const stuck = stuckHosts(tried, moving);
  if (rules.spread) for (const host of crowding(scene, rest, { tried, moving })) stuck.add(host);
  const hasRoom = !rules.headRoom || tried.isEnough;
  return { moves: moving.size, stuck, isEnough: hasRoom && stuck.size === 0 };
}

function movesFrom({ of }: PoolRoom): Need[] {
  return of === null ? [] : of.instances.filter(({ goes }) => !goes);
}

/** A need on such a host has no place: told apart from those that fit no new host, which `lacking` leaves out. */
function stuckHosts({ placed }: Fit, moving: ReadonlyMap<Need, string>): Set<string> {
  const found = new Set(placed.map(({ need }) => need));
  return new Set([...moving].flatMap(([need, host]) => (found.has(need) ? [] : [host])));
}

/** The hosts with instances of a worker that was on two hosts or more and would be on one. */
function crowding(
  { cordoned }: PoolScene,
  rest: readonly PoolRoom[],
  { tried, moving }: { readonly tried: Fit; readonly moving: ReadonlyMap<Need, string> },
): string[] {
  const before = hostsByGroup([...moving].map(([{ group }, host]) => ({ group, host })));
  const after = hostsByGroup(tried.placed.map(({ need: { group }, host }: Placed) => ({ group, host })));
  const others = otherHosts(new Set(before.keys()), rest, cordoned);
  return [...before].flatMap(([group, leaving]) => {
    const stays = others.get(group) ?? [];
    const was = new Set([...leaving, ...stays]).size;
    const will = new Set([...(after.get(group) ?? []), ...stays]).size;
    return was >= 2 && will < 2 ? [...leaving] : [];
  });
}

/** Where else these groups are: two hosts of each are enough to know. */
function otherHosts(
  groups: ReadonlySet<string>,
  rest: readonly PoolRoom[],
  cordoned: PoolScene['cordoned'],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const note = (group: string, host: string) => {
    if (!groups.has(group)) return;
    const hosts = found.get(group);
    if (hosts === undefined) found.set(group, [host]);
    else if (hosts.length < 2 && hosts[0] !== host) hosts.push(host);
  };
  for (const { name, instances } of [...rest.flatMap(({ of }) => of ?? []), ...cordoned])
    for (const { group, goes } of instances) if (!goes) note(group, name);
  return found;
}

function hostsByGroup(all: readonly { readonly group: string; readonly host: string }[]): Map<string, Set<string>> {
  const hosts = new Map<string, Set<string>>();
  for (const { group, host } of all) hosts.set(group, (hosts.get(group) ?? new Set()).add(host));
  return hosts;
}
