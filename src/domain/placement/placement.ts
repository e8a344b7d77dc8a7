import type { Host, Resources } from '../host/host.js';

/** One instance that looks for a host. */
export interface Need {
  /** Unique among the needs of one placement: the container's name, say. */
  readonly key: string;
  /** The app, by which a host is judged that keeps failing it. */
  readonly app: string;
  /** What is spread over the hosts: one worker of one app in one environment. */
  readonly group: string;
  /** The worker's name, for people. */
  readonly worker: string;
  /** 1 and up. */
  readonly slot: number;
  readonly resources: Resources;
  /** Image by digest; null where it is not known yet. */
  readonly image: string | null;
  /** Whether the Consul agent has to ask the Docker API about the container, which it does over TCP alone. */
  readonly needsTcpDocker: boolean;
}

/** A host as it is before the placement. */
export interface Candidate {
  readonly host: Host;
  /** A cordoned host gets nothing new. */
  readonly cordoned: boolean;
  /** The operator's word about it; null where none was given. */
  readonly cordonReason: string | null;
  /** What it has; null where neither Consul nor its Docker says so. */
  readonly capacity: Resources | null;
  /** What the living instances on it reserve, those that are planned or draining too. */
  readonly reserved: Resources;
  /** Living instances by {@link Need.group}; a group without any may be left out. */
  readonly groupCounts: ReadonlyMap<string, number>;
  /** Images by digest that it holds already. */
  readonly images: ReadonlySet<string>;
  /** Failed instances of the last {@link FAILURE_WINDOW_MINUTES} minutes by {@link Need.app}. */
  readonly recentFailures: ReadonlyMap<string, number>;
}

/** A need and the host that it gets. */
export interface Placed {
  readonly need: Need;
  /** Name of the host. */
  readonly host: string;
  /** Why the host is a bad choice, where it was the only one left; else null. */
  readonly despite: string | null;
}

/** Why one host does not fit. */
export interface Refusal {
  /** Name of the host. */
  readonly host: string;
  /** All of its reasons, with figures. */
  readonly reason: string;
}

/** A need that no host fits. */
export interface Unplaced {
  readonly need: Need;
  /** Every host, ordered by name; empty where there is none at all. */
  readonly refusals: readonly Refusal[];
}

/** Where each need goes: each is in exactly one of the lists. */
export interface Placement {
  readonly placed: readonly Placed[];
  readonly unplaced: readonly Unplaced[];
}

/** How far back failures count, in minutes: long enough for several tries, short enough for a host that was mended. */
export const FAILURE_WINDOW_MINUTES = 10;

/** So many failures of an app make a host a bad one for it. One or two happen to every host that gets a broken build. */
export const TOO_MANY_FAILURES = 3;
