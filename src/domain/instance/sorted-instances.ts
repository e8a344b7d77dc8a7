import type { ObservedInstance } from './plan-instance.js';

/** By worker, slot, attempt and id: whatever order they were read in, what is decided from them is the same. */
export function sortedInstances(instances: readonly ObservedInstance[]): ObservedInstance[] {
  return [...instances].sort(({ instance: one }, { instance: other }) => {
    const worker = compare(one.workerId, other.workerId);
    return worker || one.slot - other.slot || one.attempt - other.attempt || compare(one.id, other.id);
  });
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
