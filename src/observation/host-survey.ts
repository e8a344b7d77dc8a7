import { Inject, Injectable } from '@nestjs/common';
import type { Host, Resources } from '../domain/host/host.js';
import { DOCKER_HOSTS, type DockerHosts } from '../ports/docker-hosts.js';
import { HOST_CATALOG, type HostCatalog, type HostPool } from '../ports/host-catalog.js';
import { HostLoads } from '../store/repositories/host-loads.js';

/** A host, and what only its Docker can say. */
export interface SurveyedHost {
  readonly host: Host;
  readonly capacity: Resources | null;
  readonly hasImage: boolean;
}

/** Asks the hosts of a pool what a placement has to know of them. */
@Injectable()
export class HostSurvey {
  constructor(
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    private readonly loads: HostLoads,
  ) {}

  /**
   * Asks Consul for the hosts of the pool, and each of them for what it has; `image` is by digest, null where none is
   * thought of yet.
   */
  async of({ stack, environment }: HostPool, image: string | null): Promise<readonly SurveyedHost[]> {
    const hosts = await this.catalog.hosts({ stack, environment });
    return Promise.all(
      hosts.map(async (host) => {
        if (!host.healthy) return { host, capacity: host.capacity, hasImage: false };
        const holds = image === null ? Promise.resolve(false) : this.docker.hasImage(host, image);
        const [capacity, hasImage] = await Promise.all([this.capacityOf(host), holds]);
        return { host, capacity, hasImage };
      }),
    );
  }

  /** Names of those of the hosts that hold an image, by digest. */
  async holdersOf(hosts: readonly Host[], image: string): Promise<ReadonlySet<string>> {
    const usable = hosts.filter(({ healthy }) => healthy);
    const held = await Promise.all(usable.map((host) => this.docker.hasImage(host, image)));
    return new Set(usable.filter((_, index) => held[index]).map(({ name }) => name));
  }

  private async capacityOf(host: Host): Promise<Resources | null> {
    if (host.capacity !== null) return host.capacity;
    const capacity = await this.docker.capacity(host).catch(() => null);
    if (capacity !== null) await this.loads.keepCapacity(host.name, capacity);
    return capacity;
  }
}
