import type { Host, Resources } from '../host/host.js';
import type { HostPoolKind, ScalingMode } from './host-pool.js';
import type { LeavingCause, PoolHostState } from './pool-host.js';

/** A machine as its group says it. */
export interface SightedMachine {
  /** `i-0123456789abcdef0` */
  readonly id: string;
  /** `Pending`, `InService`, `Terminating:Wait`, `Standby`, … */
  readonly lifecycleState: string;
  /** Whether the group holds it for healthy. */
  readonly healthy: boolean;
  readonly protectedFromScaleIn: boolean;
  readonly instanceType: string | null;
  readonly zone: string | null;
  /** Private address; null while it has none. */
  readonly address: string | null;
  /** Milliseconds since 1970, by the cloud's clock. */
  readonly launchedAt: number | null;
}

/** An Auto Scaling Group as it is. */
export interface SightedGroup {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly instances: readonly SightedMachine[];
  /** What it does not do at present: `Launch`, `Terminate`, … */
  readonly suspended: readonly string[];
  /** Names of the hooks that hold a machine that is to terminate. */
  readonly terminationHooks: readonly string[];
  /** Whether new machines are protected from the group's own scale-in: then which one goes is Jockey's choice. */
  readonly protectsNew: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** What it last failed to do, in its words: no capacity, a limit of the account, … */
  readonly lastFailure: string | null;
}

/** What is written down of a host of a pool. Times are in milliseconds since 1970, by the database's clock. */
export interface PoolHostRecord {
  readonly id: string;
  /** Machine; null in a static pool. */
  readonly instanceId: string | null;
  /** Node in Consul; null until it joined. */
  readonly host: string | null;
  readonly lifecycleState: string | null;
  readonly instanceType: string | null;
  readonly zone: string | null;
  readonly address: string | null;
  readonly protected: boolean;
  readonly launchedAt: number;
  readonly joinedAt: number | null;
  readonly leavingCause: LeavingCause | null;
  readonly leavingReason: string | null;
  readonly leavingSince: number | null;
  readonly heartbeatAt: number | null;
  readonly releasedAt: number | null;
  readonly trouble: string | null;
}

/** What Jockey has on a host, and what is said of it. */
export interface PoolHostLoad {
  readonly reserved: Resources;
  /** Living instances, of all apps. */
  readonly instances: number;
  /** Those of them that may not move. */
  readonly pinned: number;
  /** Those of them that are still wanted here: nothing elsewhere has taken their place. */
  readonly wanted: number;
  /** Builds and release commands that are under way here. */
  readonly tasks: number;
  readonly cordoned: boolean;
  readonly cordonReason: string | null;
  /** Whether it is to be emptied. */
  readonly draining: boolean;
  /** Since when Consul holds it for lost, in milliseconds since 1970. */
  readonly lostSince: number | null;
  /** What its Docker said that it has. */
  readonly capacity: Resources | null;
}

/** A host of a pool, by all who know of it: at least one of machine, host and record is there. */
export interface PoolHostSight {
  readonly state: PoolHostState;
  /** The node's name in Consul, also where Consul has forgotten it; null for one that never joined. */
  readonly name: string | null;
  /** The id of the machine; null for a host that is none of the group's. */
  readonly instanceId: string | null;
  /** As the group says it; null where the group has none of it, in a static pool, and while nobody can ask the group. */
  readonly machine: SightedMachine | null;
  /** As Consul says it; null where it has none of it. */
  readonly host: Host | null;
  /** As it is written down; null for one that is seen for the first time. */
  readonly record: PoolHostRecord | null;
  readonly load: PoolHostLoad;
  /** What it has: as Consul says, or else its Docker; null where nobody knows. */
  readonly capacity: Resources | null;
  /** Whether it takes new instances: Consul holds it for healthy, and nobody keeps them away from it. */
  readonly takes: boolean;
}

/** A pool as Consul, its group and Jockey see it, at one time. */
export interface PoolSight {
  /** Milliseconds since 1970, by the database's clock. */
  readonly now: number;
  readonly stack: string;
  readonly environment: string;
  readonly kind: HostPoolKind;
  /** Null in a static pool, for a group that is not there, and while nobody can ask. */
  readonly group: SightedGroup | null;
  /** Why the group cannot be asked or used, a sentence; null for nothing. */
  readonly groupTrouble: string | null;
  /** Why Consul cannot be asked, a sentence; null while it can. */
  readonly consulTrouble: string | null;
  /** Whether it is done or only told, of the pool and of all pools: the weaker word counts. */
  readonly mode: ScalingMode;
  /** By which groups are marked as this Jockey's. */
  readonly installationId: string;
  /** By name of the node, those without one by machine. */
  readonly hosts: readonly PoolHostSight[];
  /** What the parties say differently, each in a sentence. */
  readonly disagreements: readonly string[];
}

/** Whether anything may be concluded from a sight: nothing is from silence. */
export function isWhole({ groupTrouble, consulTrouble }: PoolSight): boolean {
  return groupTrouble === null && consulTrouble === null;
}
