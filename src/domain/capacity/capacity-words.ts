import type { Need } from '../placement/placement.js';
import { amountText, sumOf } from './amount.js';
import type { CapacityFrame } from './pool-frame.js';
import { capacityOf, type PoolScene, stayingOn } from './pool-scene.js';

/** `1 host`, `3 hosts` */
export function hostsText(count: number): string {
  return `${count} ${count === 1 ? 'host' : 'hosts'}`;
}

/** `1 instance`, `3 instances` */
export function instancesText(count: number): string {
  return `${count} ${count === 1 ? 'instance' : 'instances'}`;
}

/** The verb for so many. */
export function isAre(count: number): 'is' | 'are' {
  return count === 1 ? 'is' : 'are';
}

/** `3 instances (1536 MB and 1.5 CPUs)` */
export function needsText(needs: readonly Need[]): string {
  return `${instancesText(needs.length)} (${amountText(sumOf(needs.map(({ resources }) => resources)))})`;
}

/** Whose these are: `deploy 7 of shop, web on h2`. */
export function whoseText(needs: readonly Need[], { waiting, displaced }: PoolScene): string {
  const meant = new Set(needs);
  const names = [
    ...waiting.filter((need) => meant.has(need)).map(({ who }) => who),
    ...[...displaced].flatMap(([host, instances]) =>
      instances.filter((need) => meant.has(need)).map(({ worker }) => `${worker} on ${host}`),
    ),
  ];
  return namesText([...new Set(names)]);
}

/** `5120 MB and 3 CPUs of 6144 MB and 6 CPUs are reserved` */
export function loadText({ rooms }: CapacityFrame): string {
  return `${amountText(stayingOn(rooms))} of ${amountText(capacityOf(rooms))} are reserved`;
}

/** Names of hosts, at most five of them: `h1, h2 and 3 more`. */
export function namesText(names: readonly string[]): string {
  const MOST = 5;
  if (names.length <= MOST) return names.join(', ');
  return `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more`;
}

/** A moment as text. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
