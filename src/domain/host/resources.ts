import type { Resources } from './host.js';

/** Finer than any limit that takes effect: Linux holds a container to whole 100,000ths of a core (CFS quota and period). */
const MICRO = 1_000_000;

/**
 * Cores as a whole number of millionths. Sums of cores as they are written do not fit exactly (0.1 + 0.2 is more than
 * 0.3 in floating point), and an exact fit would be refused; whole numbers add up.
 */
export function microCpus(cpus: number): number {
  return Math.round(cpus * MICRO);
}

/** The cores of so many millionths. */
export function cpusOf(micro: number): number {
  return micro / MICRO;
}

/** Both together. */
export function addResources(one: Resources, other: Resources): Resources {
  return { memoryMb: one.memoryMb + other.memoryMb, cpus: cpusOf(microCpus(one.cpus) + microCpus(other.cpus)) };
}

/** What is left of a capacity; never less than nothing, also where more is reserved than there is. */
export function freeResources(capacity: Resources, reserved: Resources): Resources {
  return {
    memoryMb: Math.max(0, capacity.memoryMb - reserved.memoryMb),
    cpus: cpusOf(Math.max(0, microCpus(capacity.cpus) - microCpus(reserved.cpus))),
  };
}

/** The smallest of them, by memory first; null where there is none. */
export function smallestResources(list: readonly Resources[]): Resources | null {
  const [first] = [...list].sort((one, other) => one.memoryMb - other.memoryMb || one.cpus - other.cpus);
  return first ?? null;
}
