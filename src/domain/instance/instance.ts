import type { WorkerSpec } from '../worker/worker.js';
import type { InstanceDesire, InstanceState } from './instance-lifecycle.js';

/** Why an instance does not work, as data: read off Docker and Consul at the moment of the proof. */
export interface InstanceFailure {
  /** One sentence of cause. */
  readonly cause: string;
  /** What kind of proof: the container ended, it never got healthy in time, or its host could not start it. */
  readonly kind: 'exited' | 'unhealthy' | 'not_started' | 'vanished';
  readonly exitCode: number | null;
  readonly outOfMemory: boolean;
  /** The signal that ended it, `SIGKILL`, where one did. */
  readonly signal: string | null;
  /** What the health check answered last, where there is one. */
  readonly lastCheck: string | null;
  /** Different answers of the health check as they came, the last at the end, at most 5. */
  readonly lastChecks: readonly string[];
  /** The last lines that the container printed, at most 50, oldest first. */
  readonly lastLines: readonly string[];
}

/** One container in a numbered slot of a worker. */
export interface Instance {
  readonly id: string;
  readonly appId: string;
  readonly environmentId: string;
  readonly workerId: string;
  /** The deploy whose image it runs. */
  readonly deployId: string;
  /** 1 and up; a replacement keeps the number. */
  readonly slot: number;
  /** 1 for the first container of this slot and deploy, then up. */
  readonly attempt: number;
  /** Deterministic, so that a repeated start finds its first try. Also the id of its service in Consul. */
  readonly containerName: string;
  readonly host: string;
  /** The port on the host that leads to the worker's port; null for a worker without traffic. */
  readonly hostPort: number | null;
  readonly spec: WorkerSpec;
  readonly desired: InstanceDesire;
  readonly state: InstanceState;
  /** The batch of its rollout, 0 and up: those of a later one start when those before are proven. */
  readonly wave: number;
  /** Whether it is kept out of traffic until all of its deploy are healthy (blue-green). */
  readonly standby: boolean;
  /** Milliseconds since 1970 when its place was reserved. */
  readonly plannedAt: number;
  /** Milliseconds since 1970 when it was given to traffic; null before. */
  readonly liveAt: number | null;
  /** Milliseconds since 1970 of the step into each state; null where it has not come. */
  readonly startedAt: number | null;
  readonly healthyAt: number | null;
  readonly drainingAt: number | null;
  /** Of a failed or stopped one: when it was. */
  readonly endedAt: number | null;
  readonly failure: InstanceFailure | null;
}

/** What Docker and Consul say of an instance now. */
export interface Observation {
  /** `unknown` when its host does not answer: nothing may be concluded from it. */
  readonly container: 'running' | 'exited' | 'absent' | 'unknown';
  /** Why its host is lost, as Consul says; null while the host is well. */
  readonly hostLostBecause: string | null;
  readonly exitCode: number | null;
  readonly outOfMemory: boolean;
  /** How often Docker's restart policy has started it again. */
  readonly restarts: number;
  readonly check: 'passing' | 'critical' | 'absent' | 'unknown';
  readonly checkOutput: string | null;
}
