import type { Need, Placed, Placement } from '../placement/placement.js';
import { placeInstances } from '../placement/place-instances.js';
import type { Size } from '../placement/room.js';
import { amountOf, isWithin, plus, sumOf, times } from './amount.js';
import { candidateFor, capacityOf, type PoolRoom, type PoolScene, stayingOn } from './pool-scene.js';

/** What comes of placing needs on some hosts. */
export interface Fit {
  readonly placed: readonly Placed[];
  /** Those without a host that a new host would take. */
  readonly lacking: readonly Need[];
  /** Whether as much is free beside what is reserved as the policy says. */
  readonly hasHeadRoom: boolean;
  /** Whether nothing is lacking: neither room nor head-room. */
  readonly isEnough: boolean;
}

/** Places the needs by the real placement, and looks whether head-room is left. */
export function fit(rooms: readonly PoolRoom[], needs: readonly Need[], scene: PoolScene): Fit {
  const { placed, unplaced } = placedIn(rooms, needs);
  const lacking = unplaced.map(({ need }) => need).filter((need) => wouldFitNewHost(need, scene));
  const load = plus(stayingOn(rooms), sumOf(needs.map(({ resources }) => resources)));
  const hasHeadRoom = leavesHeadRoom(load, capacityOf(rooms), scene);
  return { placed, lacking, hasHeadRoom, isEnough: lacking.length === 0 && hasHeadRoom };
}

/** Places the needs by the real placement, which sees what each room holds of their groups. */
export function placedIn(rooms: readonly PoolRoom[], needs: readonly Need[]): Placement {
  if (needs.length === 0) return { placed: [], unplaced: [] };
  const groups = new Set(needs.map(({ group }) => group));
  return placeInstances(
    needs,
    rooms.map((room) => candidateFor(room, groups)),
  );
}

/** Whether a capacity is enough for a load and the policy's head-room beside it. */
export function leavesHeadRoom(load: Size, capacity: Size, { snapshot }: PoolScene): boolean {
  return isWithin(times(load, 100 + snapshot.policy.headRoomPercent), times(capacity, 100));
}

/** What is displaced and not on one of the hosts that stay after all, and what waits. */
export function needsOf({ displaced, waiting }: PoolScene, staying: ReadonlySet<string> = new Set()): Need[] {
  const moving = [...displaced].flatMap(([host, instances]) => (staying.has(host) ? [] : instances));
  return [...moving, ...waiting];
}

/** Where nobody knows what a new host offers, one is tried. */
function wouldFitNewHost({ resources }: Need, { offer }: PoolScene): boolean {
  return offer === null || isWithin(amountOf(resources), amountOf(offer));
}
