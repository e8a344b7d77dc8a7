import type { Need } from './placement.js';

/** Needs that differ in slot alone: what fits one of them fits all. */
export interface Batch {
  readonly first: Need;
  readonly needs: Need[];
}

/** Batches of the same resources: to all of them a host is equally full, so they share one order of hosts. */
export interface Shape {
  readonly first: Need;
  readonly batches: Batch[];
}

/**
 * The needs in the order in which they choose: biggest first, because what is hard to place should choose while there
 * is room; then by group and slot. The order in which they are given changes nothing.
 */
export function shapesOf(needs: readonly Need[]): Shape[] {
  const shapes = new Map<string, Shape>();
  for (const batch of batchesOf(needs)) {
    const shape = shapes.get(shapeKey(batch.first));
    if (shape) shape.batches.push(batch);
    else shapes.set(shapeKey(batch.first), { first: batch.first, batches: [batch] });
  }
  return [...shapes.values()];
}

function batchesOf(needs: readonly Need[]): Batch[] {
  const groups = new Map<string, Batch[]>();
  for (const need of needs) {
    const batches = groups.get(need.group);
    if (batches === undefined) groups.set(need.group, [{ first: need, needs: [need] }]);
    else addTo(batches, need);
  }
  const all = [...groups.values()].flat();
  for (const batch of all) batch.needs.sort(bySlot);
  return all.sort((one, other) => byChoice(one.first, other.first));
}

/** A group is one worker: its needs are of one batch, or of two where a new image or size takes over. */
function addTo(batches: Batch[], need: Need): void {
  const alike = batches.find(({ first }) => areAlike(first, need));
  if (alike) alike.needs.push(need);
  else batches.push({ first: need, needs: [need] });
}

function areAlike(one: Need, other: Need): boolean {
  return (
    one.resources.memoryMb === other.resources.memoryMb &&
    one.resources.cpus === other.resources.cpus &&
    one.needsTcpDocker === other.needsTcpDocker &&
    one.image === other.image &&
    one.app === other.app
  );
}

function shapeKey({ resources, needsTcpDocker }: Need): string {
  return `${resources.memoryMb}/${resources.cpus}/${needsTcpDocker}`;
}

function bySlot(one: Need, other: Need): number {
  return one.slot - other.slot || compare(one.key, other.key);
}

function byChoice(one: Need, other: Need): number {
  return (
    other.resources.memoryMb - one.resources.memoryMb ||
    other.resources.cpus - one.resources.cpus ||
    Number(other.needsTcpDocker) - Number(one.needsTcpDocker) ||
    compare(one.group, other.group) ||
    compare(one.image ?? '', other.image ?? '') ||
    compare(one.app, other.app)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
