import type { CapacitySnapshot } from './capacity.js';
import { emptyRooms, type PoolRoom, type PoolScene, sceneOf } from './pool-scene.js';

/** What a decision goes by. */
export interface CapacityFrame {
  readonly scene: PoolScene;
  /** Hosts that take instances, and those that the group is about to start anyway. */
  readonly rooms: readonly PoolRoom[];
  /** The desired count, within the limits. */
  readonly within: number;
  /** Hosts that count: these rooms and the cordoned. At least `within`. */
  readonly total: number;
  /** The fewest that the limits allow at present. */
  readonly least: number;
}

/** Puts a snapshot in order and counts its hosts. */
export function frameOf(snapshot: CapacitySnapshot): CapacityFrame {
  const scene = sceneOf(snapshot);
  const least = leastOf(scene);
  const within = Math.min(snapshot.policy.max, Math.max(least, snapshot.desired));
  const present = scene.rooms.length + scene.cordoned.length;
  const rooms = [...scene.rooms, ...emptyRooms(Math.max(0, within - present), scene.offer)];
  return { scene, rooms, within, total: Math.max(within, present), least };
}

/** A pool in which something is wanted has a host, and so has one that may not scale to zero. */
function leastOf({ snapshot: { policy }, isIdle }: PoolScene): number {
  const fewest = policy.scaleToZero && isIdle ? 0 : 1;
  return Math.min(policy.max, Math.max(policy.min, fewest));
}
