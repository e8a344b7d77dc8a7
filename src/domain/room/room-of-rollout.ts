import type { RoomWanted } from '../capacity/room-wanted.js';
import type { Resources } from '../host/host.js';
import { microCpus } from '../host/resources.js';
import type { Leaving, WaveNeed } from '../placement/place-waves.js';
import type { Need } from '../placement/placement.js';

/**
 * The room that a rollout needs besides what is reserved, at the moment when it needs most: what its waves start, less
 * what those before have made free, each size for itself. Room of another size is not counted on: what is too small for
 * one instance does not get bigger by being two.
 */
export function roomOfRollout(needs: readonly WaveNeed[], leaving: readonly Leaving[]): RoomWanted[] {
  const waves = [...new Set(needs.map(({ wave }) => wave))].sort((one, other) => one - other);
  const sizes = new Map<string, WaveNeed[]>();
  for (const each of needs) {
    const size = sizeOf(each.need.resources);
    sizes.set(size, [...(sizes.get(size) ?? []), each]);
  }
  return [...sizes].flatMap(([size, own]) => {
    const freed = leaving.filter(({ resources }) => sizeOf(resources) === size);
    return lastOf(own, peakOf(own, freed, waves));
  });
}

/** Instances by worker, each worker once. */
export function roomOfNeeds(needs: readonly Need[]): RoomWanted[] {
  const byWorker = new Map<string, RoomWanted>();
  for (const { group, worker, resources, needsTcpDocker } of needs) {
    const key = `${group} ${sizeOf(resources)}`;
    const before = byWorker.get(key)?.count ?? 0;
    byWorker.set(key, { workerId: group, worker, each: resources, count: before + 1, needsTcpDocker });
  }
  return [...byWorker.values()];
}

function peakOf(own: readonly WaveNeed[], freed: readonly Leaving[], waves: readonly number[]): number {
  const extra = waves.map((wave) => {
    const started = own.filter((each) => each.wave <= wave).length;
    return started - freed.filter(({ afterWave }) => afterWave < wave).length;
  });
  return Math.max(0, ...extra);
}

/** Which of them wait is a matter of words: those that come last. */
function lastOf(own: readonly WaveNeed[], count: number): RoomWanted[] {
  const inOrder = [...own].sort((one, other) => one.wave - other.wave || (one.need.key < other.need.key ? -1 : 1));
  return roomOfNeeds(inOrder.slice(inOrder.length - count).map(({ need }) => need));
}

/** By what instances of one size are told from others. */
export function sizeOf({ memoryMb, cpus }: Resources): string {
  return `${memoryMb}/${microCpus(cpus)}`;
}
