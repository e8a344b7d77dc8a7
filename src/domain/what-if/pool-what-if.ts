import { fewerHosts } from '../capacity/fewer-hosts.js';
import { planCapacity } from '../capacity/plan-capacity.js';
import type { CapacityHost, CapacitySnapshot, WaitingRoom } from '../capacity/capacity.js';

/** What a change would cost or save a pool, in hosts. */
export interface PoolOutcome {
  /** Hosts now: those that take instances, or are on their way. */
  readonly hosts: number;
  /** Hosts that would be enough as it is now. */
  readonly neededNow: number;
  /** Hosts that would be enough after the change. */
  readonly neededAfter: number;
  /** Instances that would find no room, because the pool may not have so many hosts. */
  readonly beyondMax: number;
  /** One sentence with figures. */
  readonly sentence: string;
}

/** The pool with another scale of a worker; `room` is what each of its instances reserves, and who it is of. */
export function withScaleOf(
  snapshot: CapacitySnapshot,
  room: Omit<WaitingRoom, 'count'>,
  { from, to }: { readonly from: number; readonly to: number },
): CapacitySnapshot {
  const waiting = snapshot.waiting.map((each) =>
    each.group === room.group && to < from ? { ...each, count: Math.max(0, each.count - (from - to)) } : each,
  );
  if (to > from) return { ...snapshot, waiting: [...waiting, { ...room, count: to - from }] };
  const hosts = snapshot.hosts.map((host) => ({
    ...host,
    instances: host.instances.map((each) =>
      each.group === room.group && each.slot > to ? { ...each, goes: true } : each,
    ),
  }));
  return { ...snapshot, hosts, waiting };
}

/** The pool without a host: what is on it needs room elsewhere, and nothing has come in its place yet. */
export function withoutHostOf(snapshot: CapacitySnapshot, name: string): CapacitySnapshot {
  const lost = snapshot.hosts.find((host) => host.name === name);
  if (lost === undefined || !counts(lost)) return snapshot;
  const hosts = snapshot.hosts.map((host) => (host === lost ? { ...host, role: 'lost' as const } : host));
  return { ...snapshot, hosts, desired: snapshot.desired - 1 };
}

/** The pool that has to have so many hosts. */
export function withHostsOf(snapshot: CapacitySnapshot, hosts: number): CapacitySnapshot {
  const policy = { ...snapshot.policy, min: hosts, max: hosts };
  return { ...snapshot, policy, desired: hosts };
}

/** What a change from one snapshot to the other would cost or save. */
export function poolOutcome(before: CapacitySnapshot, after: CapacitySnapshot): PoolOutcome {
  const hosts = hostsOf(before);
  const neededNow = neededOf(before).hosts;
  const { hosts: neededAfter, beyondMax } = neededOf(after);
  const more = neededAfter - hosts;
  const cost =
    more > 0 ? `${hostsText(more)} more` : more < 0 ? `${hostsText(-more)} could be saved` : 'no host more or fewer';
  const lacks =
    beyondMax === 0
      ? ''
      : `; for ${beyondMax === 1 ? '1 instance' : `${beyondMax} instances`} there is no room, because more hosts are not allowed`;
  const sentence = `${hostsText(hosts)} now, of which ${neededNow} ${neededNow === 1 ? 'is' : 'are'} needed; after the change ${neededAfter}: ${cost}${lacks}.`;
  return { hosts, neededNow, neededAfter, beyondMax, sentence };
}

/** More at once where something lacks room; else as few as are enough. */
function neededOf(snapshot: CapacitySnapshot): { readonly hosts: number; readonly beyondMax: number } {
  const at = hostsOf(snapshot);
  const { desired, beyondMax, stay } = planCapacity({ ...snapshot, desired: Math.max(at, snapshot.policy.min) });
  if (desired > at || beyondMax > 0 || stay.length > 0) return { hosts: desired, beyondMax };
  return { hosts: fewerHosts(snapshot).enough, beyondMax: 0 };
}

/** How many hosts a pool has now: those that take instances, or are on their way. */
export function hostsOf({ hosts }: CapacitySnapshot): number {
  return hosts.filter(counts).length;
}

function counts({ role }: CapacityHost): boolean {
  return role === 'serves' || role === 'cordoned' || role === 'coming';
}

function hostsText(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`;
}
