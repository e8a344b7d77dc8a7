import type { Resources } from './host.js';

/** Docker counts processor time in billionths of a core (`NanoCpus`): what is equal to Docker is equal here. */
const NANO = 1_000_000_000;

/**
 * Cores as a whole number of billionths. Sums of cores as they are written do not fit exactly (0.1 + 0.2 is more than
 * 0.3 in floating point), and an exact fit would be refused; whole numbers add up.
 */
export function nanoCpus(cpus: number): number {
  return Math.round(cpus * NANO);
}

/** The cores of so many billionths. */
export function cpusOf(nano: number): number {
  return nano / NANO;
}

/** Both together. */
export function addResources(one: Resources, other: Resources): Resources {
  return { memoryMb: one.memoryMb + other.memoryMb, cpus: cpusOf(nanoCpus(one.cpus) + nanoCpus(other.cpus)) };
}

/** What is left of a capacity; never less than nothing, also where more is reserved than there is. */
export function freeResources(capacity: Resources, reserved: Resources): Resources {
  return {
    memoryMb: Math.max(0, capacity.memoryMb - reserved.memoryMb),
    cpus: cpusOf(Math.max(0, nanoCpus(capacity.cpus) - nanoCpus(reserved.cpus))),
  };
}
