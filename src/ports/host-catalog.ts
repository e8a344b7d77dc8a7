import type { Host } from '../domain/host/host.js';

/** A stack in an environment, by their names: the hosts of the Consul service `jockey-STACK-ENVIRONMENT`. */
export interface HostPool {
  readonly stack: string;
  readonly environment: string;
}

/** The hosts that Consul knows. A Consul that does not answer throws a DomainError `unavailable`. */
export interface HostCatalog {
  /** All hosts of the pool, unhealthy ones too, ordered by name. */
  hosts(pool: HostPool): Promise<readonly Host[]>;
  /** The environments that have hosts of this stack. */
  environmentsOf(stack: string): Promise<readonly string[]>;
  /** Calls back when the pool's hosts or their health may have changed, until aborted. */
  watch(pool: HostPool, onChange: () => void, signal: AbortSignal): void;
}

/** Injection token of {@link HostCatalog}. */
export const HOST_CATALOG = Symbol('HostCatalog');
