import { Inject, Injectable } from '@nestjs/common';
import { LABELS } from '../../domain/instance/container-name.js';
import { serviceName } from '../../domain/kernel/names.js';
import { DOCKER_HOSTS, type DockerHosts } from '../../ports/docker-hosts.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import { SERVICE_REGISTRY, type ServiceRegistry } from '../../ports/service-registry.js';
import type { AppEnvironment } from '../../store/repositories/app-environments.js';

/** What a pass listens to while it waits. */
export interface Listening {
  readonly state: AppEnvironment;
  readonly ring: () => void;
  readonly signal: AbortSignal;
}

/** Container events that say something new about an instance. */
const TELLING = new Set(['die', 'oom', 'kill', 'destroy', 'start', 'health_status']);

/** Rings when Docker or Consul say that something changed for an app in an environment. */
@Injectable()
export class Watchers {
  constructor(
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    @Inject(SERVICE_REGISTRY) private readonly registry: ServiceRegistry,
  ) {}

  /** Listens until the signal is aborted. */
  async listen({ state, ring, signal }: Listening): Promise<void> {
    const { stack, environment } = state;
    this.catalog.watch({ stack, environment }, ring, signal);
    const hosts = await this.catalog.hosts({ stack, environment });
    for (const service of new Set(state.workers.map(({ spec }) => serviceName(state.app.name, spec.name))))
      this.registry.watch(service, ring, signal);
    for (const host of hosts) {
      if (!host.healthy) continue;
      this.docker.watch(
        host,
        ({ action, labels }) => {
          if (labels[LABELS.app] === state.app.name && TELLING.has(action)) ring();
        },
        signal,
      );
    }
  }
}
