import type { Resources } from '../host/host.js';
import type { Instance } from '../instance/instance.js';
import type { ObservedInstance } from '../instance/plan-instance.js';
import type { WorkerSpec } from '../worker/worker.js';
import type { WantedRestart } from './wanted-restart.js';

/** A worker as it should be. */
export interface WantedWorker {
  readonly workerId: string;
  readonly scale: number;
  readonly spec: WorkerSpec;
}

/** The last container that a slot of the current deploy had. */
export interface LastAttempt {
  readonly workerId: string;
  readonly slot: number;
  readonly attempt: number;
  /** How many in a row, up to the last one, were proven not to work without ever being healthy. */
  readonly failures: number;
  /** Milliseconds since 1970 of its end; null while it lives. */
  readonly endedAt: number | null;
}

/** How a host stands. */
export interface HostStanding {
  /** Since when Consul holds it for lost, in milliseconds since 1970; null while it is well. */
  readonly lostSince: number | null;
  /** Whether Consul still knows it. */
  readonly known: boolean;
  /** Whether its machine is no more, by the word of the group that had it: nothing of it is waited for. */
  readonly gone?: boolean;
  /** Whether it is to be emptied. */
  readonly draining: boolean;
  /** Whether it takes new instances. */
  readonly takes: boolean;
  /** What it has; null where nobody knows. */
  readonly capacity: Resources | null;
  /** What the living instances of all apps reserve on it. */
  readonly reserved: Resources;
}

/** A restart and when it was asked for: what was placed before is exchanged. */
export interface AskedRestart extends WantedRestart {
  /** Milliseconds since 1970. */
  readonly askedAt: number;
}

/** All that a reconcile is decided from. */
export interface ReconcileSnapshot {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The deploy that is current; null when there is none, or its app is deleted: then nothing should run. */
  readonly currentDeployId: string | null;
  readonly workers: readonly WantedWorker[];
  readonly lastAttempts: readonly LastAttempt[];
  readonly instances: readonly ObservedInstance[];
  /** By name; a host that is not in it is one that nobody knows. */
  readonly hosts: ReadonlyMap<string, HostStanding>;
  readonly restarts: readonly AskedRestart[];
  /** How long a lost host's instances wait for it, in milliseconds. */
  readonly graceMs: number;
}

/** A slot that needs a new instance. */
export interface MissingInstance {
  readonly worker: WantedWorker;
  readonly slot: number;
  readonly deployId: string;
  readonly attempt: number;
  readonly wave: number;
  readonly standby: boolean;
  /** The one host that will do; null for any. */
  readonly onlyHost: string | null;
  /** The instance whose place it takes: that serves until this one does; null where the slot is empty. */
  readonly predecessor: Instance | null;
  /** Why, in one clause. */
  readonly because: string;
}
