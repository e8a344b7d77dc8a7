import type { Host } from '../domain/host/host.js';
import type { HealthCheck } from '../domain/worker/worker.js';

/** One instance as it is written into Consul through its host's own agent. */
export interface Registration {
  /** Id of the service in the agent: the container's name. */
  readonly id: string;
  /** The worker's service: `APP-WORKER`. */
  readonly service: string;
  readonly host: Host;
  /** The host's port; null for a worker without traffic. */
  readonly port: number | null;
  readonly containerName: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly check: HealthCheck;
}

/** One instance as Consul shows it. */
export interface RegisteredInstance {
  readonly id: string;
  readonly service: string;
  readonly node: string;
  readonly address: string;
  readonly port: number | null;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  /** The check of the instance itself and of its node. */
  readonly check: 'passing' | 'critical';
  readonly checkOutput: string;
}

/** Where instances are registered for routers. What does not answer throws a DomainError `unavailable`. */
export interface ServiceRegistry {
  /** Writes the instance with its check, which begins critical: routers see it when the agent has seen it healthy. */
  register(registration: Registration): Promise<void>;
  /** Takes it out; one that is not there is success. */
  deregister(host: Host, id: string): Promise<void>;
  /** All instances of a service, unhealthy ones too, ordered by id. */
  instances(service: string): Promise<readonly RegisteredInstance[]>;
  /** Calls back when the service's instances or their health may have changed, until aborted. */
  watch(service: string, onChange: () => void, signal: AbortSignal): void;
}

/** Injection token of {@link ServiceRegistry}. */
export const SERVICE_REGISTRY = Symbol('ServiceRegistry');
