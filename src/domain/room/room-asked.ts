import type { RoomWanted } from '../capacity/room-wanted.js';
import type { Resources } from '../host/host.js';
import { freeResources, microCpus } from '../host/resources.js';
import type { Leaving, WaveNeed } from '../placement/place-waves.js';
import { placeInstances } from '../placement/place-instances.js';
import type { Candidate, Need } from '../placement/placement.js';
import { roomOfNeeds, roomOfRollout, sizeOf } from './room-of-rollout.js';

/** A rollout that finds no place for everything. */
export interface PlacelessRollout {
  readonly needs: readonly WaveNeed[];
  /** What makes room on the way. */
  readonly leaving: readonly Leaving[];
  /** Hosts that take instances, as they are. */
  readonly hosts: readonly Candidate[];
}

/** The empty hosts with which it would have a place for everything. */
export interface HostsShort {
  readonly count: number;
  /** What each offers; null where nobody knows. */
  readonly offer: Resources | null;
}

/**
 * What a pool is asked to have room for: what the rollout needs at its fullest. Where that seems to be there already (the
 * rollout needs its room in one piece, or at once), all of the rollout, and where that too would fit, so many of the
 * largest that hosts have to come: else nothing would come of the waiting.
 */
export function roomAsked(rollout: PlacelessRollout, short: HostsShort): readonly RoomWanted[] {
  const { needs, leaving, hosts } = rollout;
  const all = needs.map(({ need }) => need);
  const peak = roomOfRollout(needs, leaving);
  if (!fits(someOf(all, peak), hosts)) return peak;
  return fits(all, hosts) ? beyondPlaces(all, hosts, short) : roomOfNeeds(all);
}

function fits(needs: readonly Need[], hosts: readonly Candidate[]): boolean {
  return placeInstances(needs, hosts).unplaced.length === 0;
}

function someOf(all: readonly Need[], wanted: readonly RoomWanted[]): Need[] {
  return wanted.flatMap(({ workerId, each, count }) =>
    all.filter(({ group, resources }) => group === workerId && sizeOf(resources) === sizeOf(each)).slice(0, count),
  );
}

/**
 * Workers of several sizes may fit together at once and not in their waves: what is small and comes early stands where
 * what is large and comes late would. For more of the largest than there are places, hosts have to come wherever each
 * stands: so many are asked for that as many come as are short.
 */
function beyondPlaces(
  all: readonly Need[],
  hosts: readonly Candidate[],
  { count, offer }: HostsShort,
): readonly RoomWanted[] {
  const [largest] = roomOfNeeds(all).sort(byLargest);
  if (largest === undefined) return [];
  const { each } = largest;
  const places = hosts.reduce((sum, host) => sum + placesOn(host, each), 0);
  const onNew = offer === null ? 0 : placesIn(offer, each);
  return [{ ...largest, count: places + (count - 1) * onNew + 1 }];
}

function byLargest({ each: one }: RoomWanted, { each: other }: RoomWanted): number {
  return other.memoryMb - one.memoryMb || other.cpus - one.cpus;
}

function placesOn({ capacity, reserved }: Candidate, each: Resources): number {
  return capacity === null ? 0 : placesIn(freeResources(capacity, reserved), each);
}

/** A worker may reserve nothing of a kind, which then limits nothing. */
function placesIn(free: Resources, each: Resources): number {
  const byMemory = each.memoryMb === 0 ? Infinity : Math.floor(free.memoryMb / each.memoryMb);
  const micro = microCpus(each.cpus);
  const byCores = micro === 0 ? Infinity : Math.floor(microCpus(free.cpus) / micro);
  const places = Math.min(byMemory, byCores);
  return Number.isFinite(places) ? places : 0;
}
