import type { EventKind } from '../event/event-kind.js';
import type { HostStand } from './host-word.js';

/** The kinds of events that are of hosts. */
export type HostEventKind = Extract<EventKind, `host.${string}`>;

/** How far a host is kept from instances, from nothing to everything. */
const levelOf = (stand: HostStand | undefined): number =>
  stand === undefined || !stand.cordoned ? 0 : stand.drainRequestedAt === null ? 1 : 2;

const KINDS: readonly HostEventKind[] = ['host.uncordoned', 'host.cordoned', 'host.draining'];

/** What a change of what stands of a host is told as; null where it comes to the same. */
export function hostKindOf(before: HostStand | undefined, after: HostStand | undefined): HostEventKind | null {
  const level = levelOf(after);
  return level === levelOf(before) ? null : (KINDS[level] ?? null);
}
