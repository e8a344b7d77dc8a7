import { cpusOf, microCpus } from '../host/resources.js';
import type { Candidate, Need } from './placement.js';

/** What an instance reserves, in whole numbers. */
export interface Size {
  readonly memoryMb: number;
  readonly micro: number;
}

/** The size of a need. */
export function sizeOf({ resources }: Need): Size {
  return { memoryMb: resources.memoryMb, micro: microCpus(resources.cpus) };
}

/**
 * A host while a placement is made. What is reserved is the one thing in it that changes, and it only grows: a host
 * that is too full for a size stays so. Asked about once or more for each instance, hence the plain numbers.
 */
export class Room {
  private readonly capacityMb: number;
  private readonly capacityMicro: number;
  private memoryMb: number;
  private micro: number;

  /** @param order its place among all hosts by name: the last tie-break. */
  constructor(
    readonly candidate: Candidate,
    readonly order: number,
  ) {
    const { capacity, reserved } = candidate;
    this.capacityMb = capacity?.memoryMb ?? 0;
    this.capacityMicro = microCpus(capacity?.cpus ?? 0);
    this.memoryMb = reserved.memoryMb;
    this.micro = microCpus(reserved.cpus);
  }

  get name(): string {
    return this.candidate.host.name;
  }

  /** Whether one more of this size fits. */
  fits(size: Size): boolean {
    return this.memoryMb + size.memoryMb <= this.capacityMb && this.micro + size.micro <= this.capacityMicro;
  }

  /** How full it would be with one more of this size, 0 to 1: the greater of the shares of memory and cores. */
  loadWith(size: Size): number {
    const memory = share(this.memoryMb + size.memoryMb, this.capacityMb);
    const cores = share(this.micro + size.micro, this.capacityMicro);
    return memory > cores ? memory : cores;
  }

  reserve(size: Size): void {
    this.memoryMb += size.memoryMb;
    this.micro += size.micro;
  }

  /** The host as it is now, with the needs that it was given on it. */
  now(): Candidate {
    return { ...this.candidate, reserved: { memoryMb: this.memoryMb, cpus: cpusOf(this.micro) } };
  }
}

function share(part: number, whole: number): number {
  return part === 0 ? 0 : part / whole;
}

/** The hosts, ordered by name, so that the order in which they are given changes nothing. */
export function roomsOf(candidates: readonly Candidate[]): Room[] {
  return [...candidates]
    .sort((one, other) => (one.host.name < other.host.name ? -1 : 1))
    .map((candidate, order) => new Room(candidate, order));
}
