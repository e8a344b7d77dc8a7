import type { Host, Resources } from '../host/host.js';
import type { ScalingPolicy } from '../host-pool/host-pool.js';
import type { Need } from '../placement/placement.js';
import type { CapacityCause } from './capacity-cause.js';

/**
 * What a host is to its pool.
 *
 * - `serves`: is well and takes instances, and counts as one of the desired.
 * - `cordoned`: an operator keeps new instances off it. Counts as one of the desired; what is on it stays, and so does it.
 * - `coming`: launched or in service, and not in Consul yet. Counts as one of the desired, empty.
 * - `leaving`: is emptied or will be, and does not count: either fewer are desired already (a scale-in), or the group
 *   starts another in its place. What is on it needs room elsewhere.
 * - `lost`: does not answer. Does not count, because another takes its place; what is on it needs room elsewhere.
 */
export const CAPACITY_ROLES = ['serves', 'cordoned', 'coming', 'leaving', 'lost'] as const;

/** One of {@link CAPACITY_ROLES}. */
export type CapacityRole = (typeof CAPACITY_ROLES)[number];

/** A living instance on a host, as its row says: its `key` is the name of its container. */
export interface CapacityInstance extends Need {
  /** Whether it may be moved to another host while nothing is wrong. */
  readonly mayMove: boolean;
  /**
   * Whether it goes without a move: stopped, draining, or replaced by one that has its place already. It holds its room
   * until then and needs none elsewhere.
   */
  readonly goes: boolean;
}

/** A host of the pool. */
export interface CapacityHost {
  /** Unique in the pool: the node's name in Consul; for one that is `coming` the group's name for the machine. */
  readonly name: string;
  readonly role: CapacityRole;
  /** As Consul knows it; null for one that is `coming`. */
  readonly host: Host | null;
  /** What it has; null where nobody knows: then it takes nothing, or as much as a new host when it is `coming`. */
  readonly capacity: Resources | null;
  /** All living instances on it, of all apps. */
  readonly instances: readonly CapacityInstance[];
  /** Why it may not be chosen to leave, a clause: `it runs what may not move`; null where it may. */
  readonly staysBecause: string | null;
  /** Of one that is `leaving`: whether that can still be taken back. */
  readonly mayStay: boolean;
}

/** Instances that wait for a host: of a deploy that was not begun for want of room, or of a worker with empty slots. */
export interface WaitingRoom {
  /** Who waits, for people: `deploy 12 of blog`. */
  readonly who: string;
  /** Id of the app. */
  readonly app: string;
  /** What is spread over the hosts: the worker's id, as {@link Need.group}. */
  readonly group: string;
  /** Name of the worker. */
  readonly worker: string;
  /** What each reserves. */
  readonly each: Resources;
  readonly count: number;
  readonly needsTcpDocker: boolean;
}

/** All that the count of hosts of a pool is decided from. */
export interface CapacitySnapshot {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly policy: ScalingPolicy;
  /** How many hosts Jockey wants at present. */
  readonly desired: number;
  /** What a new host will offer; null where nobody knows: then what the smallest of the hosts has. */
  readonly offer: Resources | null;
  readonly hosts: readonly CapacityHost[];
  readonly waiting: readonly WaitingRoom[];
  /** Since when fewer hosts have been enough, as the last decision said; null while they were not. */
  readonly surplusSince: number | null;
  /** When the desired count last changed; null for never. */
  readonly scaledAt: number | null;
}

/** What waits and fits no host of this pool, not even an empty one. */
export interface NeverFits {
  readonly who: string;
  readonly worker: string;
  readonly each: Resources;
  readonly count: number;
  /** A clause with figures: `needs 4096 MB, and a host has 2048 MB`. */
  readonly because: string;
}

/** How many hosts there should be, and why. */
export interface CapacityDecision {
  /** Within the limits, always. */
  readonly desired: number;
  /** Why it changes; null where it does not. */
  readonly cause: CapacityCause | null;
  /** One sentence with figures, also where nothing changes. */
  readonly reason: string;
  /**
   * Names of the hosts that should leave now, the cheapest to empty first: what is on them fits on the others. Also where
   * `desired` stays, when more hosts are there than are desired.
   */
  readonly leave: readonly string[];
  /** Names of the hosts that are leaving and should stay instead: with them `desired` is counted. */
  readonly stay: readonly string[];
  /** To be handed back with the next snapshot. */
  readonly surplusSince: number | null;
  /** When to look again though nothing else happens: a surplus has lasted, a cool-down is over; null for never. */
  readonly lookAgainAt: number | null;
  readonly never: readonly NeverFits[];
  /** Instances that wait and would fit a new host, and for which `max` leaves none. */
  readonly beyondMax: number;
}

/** How few hosts would be enough for what is there now. */
export interface FewerHosts {
  /** Hosts at present: those that count as desired. */
  readonly now: number;
  /** Hosts that would be enough, head-room kept. Equals `now` where no host can be spared. */
  readonly enough: number;
  /** Names of those that could leave, the cheapest to empty first. */
  readonly leave: readonly string[];
  /** Instances that would have to move. */
  readonly moves: number;
  /** One sentence with figures. */
  readonly sentence: string;
  /** What keeps the count from being lower, a clause each: hosts that may not go, head-room, spread, limits. */
  readonly obstacles: readonly string[];
}
