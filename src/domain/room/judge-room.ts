import type { RoomWanted } from '../capacity/room-wanted.js';
import type { Host, Resources } from '../host/host.js';
import { microCpus, smallestResources } from '../host/resources.js';
import { smallest } from '../kernel/smallest.js';
import type { HostPoolKind, ScalingMode } from '../host-pool/host-pool.js';
import { type Leaving, placeWaves, type WaveNeed } from '../placement/place-waves.js';
import type { Candidate, Need } from '../placement/placement.js';
import { roomAsked } from './room-asked.js';

/** The pool from which hosts may come. */
export interface RoomPool {
  /** Its stack and environment, for people: `api in production`. */
  readonly name: string;
  readonly kind: HostPoolKind;
  /** `advice` also where all scaling is turned into advice. */
  readonly mode: ScalingMode;
  /** The most hosts. */
  readonly max: number;
  /** What a new host offers; null where nobody knows: then as much as the smallest of those that are there. */
  readonly offer: Resources | null;
}

/** A rollout that found no place for everything. */
export interface RoomRequest {
  readonly needs: readonly WaveNeed[];
  /** What makes room on the way. */
  readonly leaving: readonly Leaving[];
  /** The hosts of the pool as they are. */
  readonly hosts: readonly Candidate[];
  readonly pool: RoomPool;
}

/** Whether hosts may come that make room, or why not. */
export type RoomVerdict =
  | {
      readonly kind: 'wait';
      /** How many more hosts would make room. */
      readonly hosts: number;
      readonly wanted: readonly RoomWanted[];
    }
  | {
      readonly kind: 'refuse';
      /** Why no host will come: a sentence without its full stop. */
      readonly because: string;
    };

/** So many hosts of a static pool are thought of: enough to say how many are short. */
const MOST_OF_STATIC = 100;

/**
 * Whether a rollout that finds no place may wait for one: the placement itself is asked, with as many empty hosts beside
 * those that are there as the pool may still get.
 */
export function judgeRoom(request: RoomRequest): RoomVerdict {
  const { pool, hosts } = request;
  const usable = hosts.filter(isUsable);
  const free = pool.kind === 'static' ? MOST_OF_STATIC : Math.max(0, pool.max - usable.length);
  const offer = pool.offer ?? smallestResources(sizesOf(usable));
  const more = offer === null ? (free > 0 ? 1 : null) : hostsThatDo(request, { offer, free });
  if (more === null) return { kind: 'refuse', because: neverBecause(request, { offer, usable: usable.length }) };
  const sentence = `${countOf(more)} more would make room, but`;
  if (pool.kind === 'static')
    return { kind: 'refuse', because: `${sentence} ${poolName(pool)} is static: operators register its hosts` };
  if (pool.mode === 'advice')
    return { kind: 'refuse', because: `${sentence} ${poolName(pool)} is scaled by advice alone` };
  const wanted = roomAsked({ ...request, hosts: usable }, { count: more, offer });
  return { kind: 'wait', hosts: more, wanted };
}

function isUsable({ host, cordoned }: Candidate): boolean {
  return host.healthy && !cordoned;
}

/** The fewest empty hosts with which everything has a place; null where as many as may come are not enough. */
function hostsThatDo(request: RoomRequest, { offer, free }: { offer: Resources; free: number }): number | null {
  return smallest(1, free, (count) => hasPlace(request, [...request.hosts, ...emptyHosts(count, offer)]));
}

function hasPlace({ needs, leaving }: RoomRequest, hosts: readonly Candidate[]): boolean {
  return placeWaves(needs, hosts, leaving).unplaced.length === 0;
}

interface Ground {
  readonly offer: Resources | null;
  readonly usable: number;
}

function neverBecause({ needs, hosts, pool }: RoomRequest, { offer, usable }: Ground): string {
  const tooBig = needs
    .map(({ need }) => need)
    .find((need) => offer !== null && isBeyond(need, [offer, ...sizesOf(hosts)]));
  if (tooBig !== undefined && offer !== null) {
    const needed = `each instance of ${tooBig.worker} needs ${sizeText(tooBig.resources)}`;
    return `${needed}, and an empty host of ${poolName(pool)} has ${sizeText(offer)}`;
  }
  if (pool.kind === 'static') return `${poolName(pool)} is static: operators register its hosts`;
  if (usable >= pool.max)
    return `${poolName(pool)} has ${countOf(usable)}, as many as it may have, and they are too full`;
  return `${poolName(pool)} may have at most ${countOf(pool.max)}, and with all of them there would not be room either`;
}

function isBeyond({ resources }: Need, sizes: readonly Resources[]): boolean {
  return sizes.every(
    ({ memoryMb, cpus }) => resources.memoryMb > memoryMb || microCpus(resources.cpus) > microCpus(cpus),
  );
}

function sizesOf(hosts: readonly Candidate[]): Resources[] {
  return hosts.flatMap(({ capacity }) => (capacity === null ? [] : [capacity]));
}

function emptyHosts(count: number, capacity: Resources): Candidate[] {
  return Array.from({ length: count }, (_, index) => {
    const host: Host = {
      ...{ name: `new host ${index + 1}`, address: '', dockerUrl: 'https://new:2376', agentUrl: '', machine: null },
      ...{ healthy: true, unhealthyBecause: null, capacity },
    };
    const nothing = { reserved: { memoryMb: 0, cpus: 0 }, groupCounts: new Map(), recentFailures: new Map() };
    return { host, cordoned: false, cordonReason: null, capacity, images: new Set(), ...nothing };
  });
}

function poolName({ name }: RoomPool): string {
  return `the pool of ${name}`;
}

function countOf(hosts: number): string {
  return hosts === 1 ? '1 host' : `${hosts} hosts`;
}

function sizeText({ memoryMb, cpus }: Resources): string {
  return `${memoryMb} MB and ${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}`;
}
