import type { Resources } from '../host/host.js';
import { addResources, loadOf } from '../host/resources.js';
import type { Candidate, Need } from './placement.js';

/** A host while a placement is made: the one thing in it that changes is what is reserved, and that only grows. */
export class Room {
  /** @param order its place among all hosts by name: the last tie-break. */
  constructor(
    public now: Candidate,
    readonly order: number,
  ) {}

  /** How full the host would be with this on it too. */
  loadWith(resources: Resources): number {
    return this.now.capacity === null
      ? Infinity
      : loadOf(this.now.capacity, addResources(this.now.reserved, resources));
  }

  reserve(need: Need): void {
    this.now = { ...this.now, reserved: addResources(this.now.reserved, need.resources) };
  }
}

/** The hosts, ordered by name, so that the order in which they are given changes nothing. */
export function roomsOf(candidates: readonly Candidate[]): Room[] {
  return [...candidates]
    .sort((one, other) => (one.host.name < other.host.name ? -1 : 1))
    .map((candidate, order) => new Room(candidate, order));
}
