import type { Host, Resources } from '../host/host.js';
import type { Candidate, Need } from '../placement/placement.js';
import { cpusOf, microCpus, smallestResources } from '../host/resources.js';
import type { Size } from '../placement/room.js';
import { amountOf, isWithin, plus } from './amount.js';
import type { CapacityHost, CapacityInstance, CapacitySnapshot, NeverFits, WaitingRoom } from './capacity.js';

/**
 * A host that takes instances, as the placement sees it, and what it is to the plan. What it holds of each group is put in
 * for those groups alone that are placed ({@link candidateFor}).
 */
export interface PoolRoom {
  readonly name: string;
  /** Null for a host that the group has not launched yet. */
  readonly of: CapacityHost | null;
  readonly candidate: Candidate;
  readonly capacity: Size;
  /** What stays reserved on it: what goes without a move is not in it. */
  readonly staying: Size;
}

/** Something that waits. */
export interface WaitingNeed extends Need {
  /** As {@link WaitingRoom.who}. */
  readonly who: string;
}

/** A snapshot, put in order: what has room, what needs room. */
export interface PoolScene {
  readonly snapshot: CapacitySnapshot;
  /** What a new host offers; null where nobody knows. */
  readonly offer: Resources | null;
  /** Hosts that serve or come, by name. */
  readonly rooms: readonly PoolRoom[];
  readonly cordoned: readonly CapacityHost[];
  /** Hosts that leave and could be taken back: the most to move first. */
  readonly takeable: readonly CapacityHost[];
  /** What waits, and may fit some day. */
  readonly waiting: readonly WaitingNeed[];
  readonly never: readonly NeverFits[];
  /** What is on hosts that leave, without those that are taken back, or are lost. */
  readonly displaced: ReadonlyMap<string, readonly CapacityInstance[]>;
  /** Whether nothing runs and nothing waits. */
  readonly isIdle: boolean;
}

/** Puts a snapshot in order. Everything is sorted by name, so that the order in which it is given changes nothing. */
export function sceneOf(snapshot: CapacitySnapshot): PoolScene {
  const hosts = [...snapshot.hosts].sort(byName);
  const offer = snapshot.offer ?? smallestResources(capacitiesOf(hosts));
  const waiting = [...snapshot.waiting].filter(({ count }) => count > 0).sort(byWho);
  const biggest = [...(offer === null ? [] : [offer]), ...capacitiesOf(hosts)].map(amountOf);
  const ever = (each: WaitingRoom) => offer === null || biggest.some((limit) => isWithin(amountOf(each.each), limit));
  const displaced = hosts.filter(({ role }) => role === 'leaving' || role === 'lost');
  const running = hosts.some(({ instances }) => instances.some(({ goes }) => !goes));
  return {
    ...{ snapshot, offer },
    rooms: hosts.filter(({ role }) => role === 'serves' || role === 'coming').map((host) => roomOf(host, offer)),
    cordoned: hosts.filter(({ role }) => role === 'cordoned'),
    takeable: hosts.filter(({ role, mayStay }) => role === 'leaving' && mayStay).sort(byMostToMove),
    waiting: waiting.filter(ever).flatMap(needsOf),
    never: waiting.filter((each) => !ever(each)).map((each) => neverOf(each, biggest)),
    displaced: new Map(displaced.map(({ name, instances }) => [name, instances.filter(({ goes }) => !goes)])),
    isIdle: waiting.length === 0 && !running,
  };
}

/** A host of the pool as one that takes instances. */
export function roomOf(of: CapacityHost, offer: Resources | null): PoolRoom {
  const capacity = of.capacity ?? (of.role === 'coming' ? offer : null);
  const { reserved, staying } = loadOf(of.instances);
  const host = of.host === null ? unseen(of.name) : { ...of.host, name: of.name, healthy: true };
  return {
    ...{ name: of.name, of, staying },
    candidate: {
      ...{ host, cordoned: false, cordonReason: null, capacity },
      reserved: { memoryMb: reserved.memoryMb, cpus: cpusOf(reserved.micro) },
      ...{ groupCounts: NO_COUNTS, images: NO_IMAGES, recentFailures: NO_COUNTS },
    },
    capacity: amountOf(capacity ?? NO_RESOURCES),
  };
}

/** The host as the placement sees it that places instances of these groups. */
export function candidateFor({ of, candidate }: PoolRoom, groups: ReadonlySet<string>): Candidate {
  const groupCounts = new Map<string, number>();
  for (const { group, goes } of of?.instances ?? [])
    if (!goes && groups.has(group)) groupCounts.set(group, (groupCounts.get(group) ?? 0) + 1);
  return groupCounts.size === 0 ? candidate : { ...candidate, groupCounts };
}

/** Whether the image is there, and who failed where, changes where something goes and never whether it fits. */
const NO_IMAGES: ReadonlySet<string> = new Set();
const NO_COUNTS: ReadonlyMap<string, number> = new Map();
const NO_RESOURCES: Resources = { memoryMb: 0, cpus: 0 };

/** One pass over what is on a host: each of all containers is looked at once in a decision. */
function loadOf(instances: readonly CapacityInstance[]) {
  const reserved = { memoryMb: 0, micro: 0 };
  const staying = { memoryMb: 0, micro: 0 };
  for (const { resources, goes } of instances) {
    const micro = microCpus(resources.cpus);
    reserved.memoryMb += resources.memoryMb;
    reserved.micro += micro;
    if (goes) continue;
    staying.memoryMb += resources.memoryMb;
    staying.micro += micro;
  }
  return { reserved, staying };
}

/** So many hosts that are not there yet, all empty. Their names come after all others, which a real host's may not. */
export function emptyRooms(count: number, offer: Resources | null): PoolRoom[] {
  return Array.from({ length: count }, (_, at) => {
    const name = `\u{10ffff}new-${String(at).padStart(6, '0')}`;
    const facts = { host: null, capacity: null, instances: [], staysBecause: null, mayStay: false };
    return { ...roomOf({ name, role: 'coming', ...facts }, offer), of: null };
  });
}

/** All that these rooms offer together. */
export function capacityOf(rooms: readonly PoolRoom[]): Size {
  return rooms.reduce((sum, { capacity }) => plus(sum, capacity), { memoryMb: 0, micro: 0 });
}

/** All that stays reserved on these rooms. */
export function stayingOn(rooms: readonly PoolRoom[]): Size {
  return rooms.reduce((sum, { staying }) => plus(sum, staying), { memoryMb: 0, micro: 0 });
}

/** How many of a host's instances have to be moved before it is empty. */
export function movesOf({ instances }: CapacityHost): number {
  return instances.reduce((count, { goes }) => count + (goes ? 0 : 1), 0);
}

function unseen(name: string): Host {
  return {
    ...{ name, address: '', dockerUrl: '', agentUrl: '', healthy: true },
    ...{ unhealthyBecause: null, capacity: null, machine: null },
  };
}

function needsOf({ who, app, group, worker, each, count, needsTcpDocker }: WaitingRoom, at: number): WaitingNeed[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `waiting ${who} ${at} ${index}`,
    ...{ who, app, group, worker, slot: index + 1, resources: each, image: null, needsTcpDocker },
  }));
}

function neverOf({ who, worker, each, count }: WaitingRoom, biggest: readonly Size[]): NeverFits {
  const memoryMb = Math.max(0, ...biggest.map((limit) => limit.memoryMb));
  const micro = Math.max(0, ...biggest.map((limit) => limit.micro));
  const lacks = [
    ...(each.memoryMb > memoryMb ? [`needs ${each.memoryMb} MB, and the biggest host has ${memoryMb} MB`] : []),
    ...(amountOf(each).micro > micro ? [`needs ${each.cpus} CPUs, and the biggest host has ${cpusOf(micro)}`] : []),
  ];
  const because = `needs ${each.memoryMb} MB and ${each.cpus} CPUs, and no host has both`;
  return { who, worker, each, count, because: lacks.length === 0 ? because : lacks.join(' and ') };
}

function capacitiesOf(hosts: readonly CapacityHost[]): Resources[] {
  return hosts.flatMap(({ role, capacity }) => (capacity === null || role === 'lost' ? [] : [capacity]));
}

function byName(one: CapacityHost, other: CapacityHost): number {
  return one.name < other.name ? -1 : 1;
}

function byMostToMove(one: CapacityHost, other: CapacityHost): number {
  return movesOf(other) - movesOf(one) || byName(one, other);
}

function byWho(one: WaitingRoom, other: WaitingRoom): number {
  const [first, second] = [one, other].map(({ who, group, worker }) => JSON.stringify([who, group, worker]));
  if (first !== second) return (first ?? '') < (second ?? '') ? -1 : 1;
  return one.each.memoryMb - other.each.memoryMb || one.each.cpus - other.each.cpus || one.count - other.count;
}
