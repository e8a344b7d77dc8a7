import type { Host, Resources } from '../host/host.js';
import type { Refusal } from '../placement/placement.js';
import type { ReconcileSnapshot } from '../reconcile/reconcile-snapshot.js';

/** A host before anything is tried. */
export interface WhatIfHost {
  readonly host: Host;
  /** Whether it is only thought of. */
  readonly isNew: boolean;
  readonly cordoned: boolean;
  readonly cordonReason: string | null;
  /** What it has; null where nobody knows. */
  readonly capacity: Resources | null;
  /** What living instances of all apps reserve. */
  readonly reserved: Resources;
  /** How many those are. */
  readonly instances: number;
}

/** An app in an environment, as it would be decided on. */
export interface WhatIfApp {
  readonly app: { readonly id: string; readonly name: string };
  /** Name of the environment. */
  readonly environment: string;
  /** Image by digest; empty where nothing was deployed or built yet. */
  readonly image: string;
  /** Names of the hosts that hold the image. */
  readonly imageOn: ReadonlySet<string>;
  /** Names of the hosts of its pool: it is placed on no other. */
  readonly pool: ReadonlySet<string>;
  /** Failed instances of the last ten minutes, by host. */
  readonly recentFailures: ReadonlyMap<string, number>;
  readonly snapshot: ReconcileSnapshot;
}

/** The part of the world in which something is tried. */
export interface WhatIfWorld {
  readonly hosts: readonly WhatIfHost[];
  /** Each is looked at in turn, as they stand. */
  readonly apps: readonly WhatIfApp[];
}

/** One thing that would be done. */
export interface WhatIfStep {
  /** 1 and up: what is of one round may go on side by side; of a rollout, its wave. */
  readonly round: number;
  /** `move`: a new instance takes the place of one, wherever it comes to stand; `restart`: its container is made again. */
  readonly action: 'start' | 'stop' | 'move' | 'restart';
  /** Name of the app. */
  readonly app: string;
  /** Name of the worker. */
  readonly worker: string;
  readonly slot: number;
  /** Where it is now; null for nowhere. */
  readonly from: string | null;
  /** Where it would be; null for nowhere. */
  readonly to: string | null;
  readonly because: string;
}

/** A slot that would find no place. */
export interface WhatIfUnplaced {
  readonly app: string;
  readonly worker: string;
  readonly slot: number;
  /** Every host, with its reason. */
  readonly refusals: readonly Refusal[];
}

/** What is on a host at one moment. */
export interface Occupation {
  readonly instances: number;
  readonly reserved: Resources;
}

/** What would become of a host. */
export interface WhatIfHostOutcome {
  readonly host: WhatIfHost;
  readonly before: Occupation;
  /** The most on the way; that of instances and that of resources each for itself. */
  readonly peak: Occupation;
  readonly after: Occupation;
}

/** What would happen. */
export interface WhatIfOutcome {
  readonly steps: readonly WhatIfStep[];
  readonly unplaced: readonly WhatIfUnplaced[];
  readonly hosts: readonly WhatIfHostOutcome[];
  /** Whether it would go on beyond what was tried. */
  readonly truncated: boolean;
}
