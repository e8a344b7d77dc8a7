import type { Resources } from '../host/host.js';
import type { RolloutPolicy } from '../rollout/rollout-policy.js';

/** How it is known that an instance works. Both are run by the Consul agent of its host, so neither needs Jockey. */
export type HealthCheck =
  | {
      /** GET on the published port; any 2xx passes. */
      readonly kind: 'http';
      readonly path: string;
      readonly intervalSeconds: number;
      readonly timeoutSeconds: number;
    }
  | {
      /** The container runs, as its host's Docker API says. */
      readonly kind: 'running';
      readonly intervalSeconds: number;
      readonly timeoutSeconds: number;
    };

/** All that is needed to run one instance of a worker, but the image and the variables. */
export interface WorkerSpec {
  readonly name: string;
  /** The program and its arguments; empty means the image's own command. */
  readonly command: readonly string[];
  /** The port inside the container that takes traffic; null for a worker without traffic. */
  readonly port: number | null;
  /** Reserved on the host, and the container's hard limits. */
  readonly resources: Resources;
  readonly check: HealthCheck;
  /** How long a new instance may take to get healthy, in seconds. */
  readonly healthDeadlineSeconds: number;
  /** How long it has to run before a passing check is believed, in seconds. */
  readonly minHealthySeconds: number;
  /** Between leaving Consul and the stop signal, in seconds, so that routers see it and requests end. */
  readonly drainSeconds: number;
  /** Between the stop signal and SIGKILL, in seconds. */
  readonly stopGraceSeconds: number;
  /** The signal that asks it to end: SIGTERM where nothing else is said. */
  readonly stopSignal: StopSignal;
  /** How its instances are exchanged. */
  readonly policy: RolloutPolicy;
  /** What is asked through a router while traffic moves; null for nothing. */
  readonly probe: RouteProbe | null;
}

/** Signals that may ask a container to end; SIGKILL is what follows after the grace. */
export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;

/** One of {@link STOP_SIGNALS}. */
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** What is asked through a router, again and again, while a deploy moves traffic. */
export interface RouteProbe {
  /** `http://router/path` */
  readonly url: string;
  /** The host name that the router is asked by; null for that of the URL. */
  readonly host: string | null;
  /** More failed requests than so many end the rollout as failed; null: they are only counted. */
  readonly allowedFailures: number | null;
}

/** A process type of an app in an environment: what to run and how many. */
export interface Worker {
  readonly id: string;
  readonly appId: string;
  readonly environmentId: string;
  readonly scale: number;
  readonly spec: WorkerSpec;
}

/** The most instances that one worker may have. More is a typing error: Consul and people lose sight before that. */
export const HIGHEST_SCALE = 1000;

/** The port that a `web` worker listens on where nothing else is said. */
export const DEFAULT_WEB_PORT = 8888;

/** Only workers of this name take traffic. */
export const WEB_WORKER = 'web';
