import { type Shape, shapesOf } from './batches.js';
import { lookUp } from './lookup.js';
import type { Candidate, Need, Placed, Placement, Unplaced } from './placement.js';
import { roomsOf } from './room.js';
import { ShapePlacer } from './shape-placer.js';

/**
 * Finds a host for each need, or says why each host refuses. Hosts that keep failing the app come last. Among the
 * others: fewest instances of the group, then least full with the instance on it (the greater of the reserved shares
 * of memory and cores), then the image is there already, then by name.
 *
 * The same needs and hosts, in any order, give the same placement. Costs n log n in instances and hosts, and one pass
 * over the hosts for each different size of instance.
 */
export function placeInstances(needs: readonly Need[], candidates: readonly Candidate[]): Placement {
  const rooms = roomsOf(candidates);
  const shapes = shapesOf(needs);
  const lookup = lookUp(shapes.flatMap(firstNeeds), rooms);
  const placed: Placed[] = [];
  const unplaced: Unplaced[] = [];
  for (const shape of shapes) new ShapePlacer(shape, rooms, lookup).placeInto(placed, unplaced);
  return { placed, unplaced };
}

function firstNeeds({ batches }: Shape): Need[] {
  return batches.map(({ first }) => first);
}
