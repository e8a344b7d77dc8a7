import type { Resources } from '../domain/host/host.js';
import type { LaunchSettings } from '../domain/host-pool/host-pool.js';
import type { SightedGroup, SightedMachine } from '../domain/host-pool/pool-sight.js';

/** A group of machines that somebody else starts and ends: an AWS Auto Scaling Group. */
export interface GroupRef {
  /** `eu-central-1` */
  readonly region: string;
  readonly name: string;
}

/** A machine of a group. */
export type GroupInstance = SightedMachine;

/** A group as it is. */
export interface GroupSeen extends SightedGroup {
  readonly instanceTypes: readonly string[];
}

/** A group to be made. */
export interface GroupWanted {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly launch: LaunchSettings;
  /** Cloud-init of a host. */
  readonly userData: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What Jockey needs of a group, new or adopted. */
export interface GroupFitting {
  /** The hook that holds a machine until its containers run elsewhere. */
  readonly hook: string;
  /** After so long without a sign of life the hook lets the machine go. */
  readonly heartbeatSeconds: number;
  /** Marks whose it is. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Groups of machines. Every fault is a DomainError whose sentence names the group and, where a right is missing, the
 * action: `unavailable` for throttling, expired credentials, a silent API and missing rights, `not_found` for a group or
 * machine that is not there, `unprocessable_entity` for what the API refuses (a limit, a wrong image).
 */
export interface HostGroups {
  /** Null for a group that is not there. */
  read(group: GroupRef): Promise<GroupSeen | null>;
  /** Makes the group and what its hosts are started from; one of this name that is there is a `conflict`. */
  create(group: GroupRef, wanted: GroupWanted): Promise<void>;
  /** Fits it with hook, protection and tags; again and again does no harm. */
  fit(group: GroupRef, fitting: GroupFitting): Promise<void>;
  update(group: GroupRef, change: GroupChange): Promise<void>;
  /** Has new hosts started from these settings from now on. */
  relaunch(group: GroupRef, launch: LaunchSettings, userData: string): Promise<void>;
  /** Takes the group and all of its machines away; done already is done. */
  remove(group: GroupRef): Promise<void>;
  protect(group: GroupRef, instances: readonly string[], isProtected: boolean): Promise<void>;
  /** Ends one machine, chosen by us; `smaller` lets the desired count go down with it. One that is gone is done. */
  terminate(group: GroupRef, instance: string, smaller: boolean): Promise<void>;
  /** Says that work on a held machine goes on. */
  heartbeat(group: GroupRef, held: HeldInstance): Promise<void>;
  /** Lets a held machine go; one that is gone is done. */
  release(group: GroupRef, held: HeldInstance): Promise<void>;
  /** What the smallest of these kinds of machine has; null where none is known. */
  offerOf(region: string, instanceTypes: readonly string[]): Promise<Resources | null>;
}

/** The limits and the count of a group; what is not said stays. */
export interface GroupChange {
  readonly min?: number;
  readonly max?: number;
  readonly desired?: number;
}

/** A machine that a hook holds. */
export interface HeldInstance {
  readonly hook: string;
  readonly instance: string;
}

/** Injection token of {@link HostGroups}. */
export const HOST_GROUPS = Symbol('HostGroups');
