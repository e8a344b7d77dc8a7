import type { CapacitySnapshot, NeverFits } from './capacity.js';
import { moreHosts } from './more-hosts.js';
import { frameOf } from './pool-frame.js';
import { spareHosts } from './spare-hosts.js';

/** How many hosts are needed for what is wanted. */
export interface NeededHosts {
  /** Hosts that would be enough, head-room kept; not held to `max`. */
  readonly hosts: number;
  readonly never: readonly NeverFits[];
}

/** More than any pool has: what is needed is told, not what is allowed. */
const MOST = 100_000;

/** Choices of hosts that are tried where nobody waits for the answer within milliseconds. */
export const PATIENT_TRIES = 40;

/** How many hosts the snapshot needs, whatever the delays and `max` of its policy: for plans and comparisons. */
export function neededHosts(snapshot: CapacitySnapshot): NeededHosts {
  const present = snapshot.hosts.filter(({ role }) => role !== 'leaving' && role !== 'lost').length;
  const max = Math.max(snapshot.policy.max, present);
  const frame = frameOf({ ...snapshot, desired: present, policy: { ...snapshot.policy, max } });
  const { scene, rooms, total, least } = frame;
  const more = moreHosts(scene, rooms, MOST);
  if (!more.before.isEnough) return { hosts: total + more.stay.length + more.added, never: scene.never };
  const rules = { most: total - least, headRoom: true, spread: true, tries: PATIENT_TRIES };
  return { hosts: total - spareHosts(scene, rooms, rules).rooms.length, never: scene.never };
}
