import { Inject, Injectable } from '@nestjs/common';
import { BUILD_STACK, type BuildHost } from '../domain/build/choose-build-host.js';
import { HOST_CATALOG, type HostCatalog } from '../ports/host-catalog.js';
import { BuildQueue } from '../store/repositories/build-queue.js';

/** Asks Consul for the hosts that build, in whatever environment's pool, and the store which of them get no work. */
@Injectable()
export class BuildHostSurvey {
  constructor(
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    private readonly queue: BuildQueue,
  ) {}

  /** All of them, healthy or not; what runs on them is not looked at here. */
  async hosts(): Promise<readonly BuildHost[]> {
    const environments = await this.catalog.environmentsOf(BUILD_STACK);
    const [cordoned, ...pools] = await Promise.all([
      this.queue.cordoned(),
      ...environments.map((environment) => this.pool(environment)),
    ]);
    return pools.flat().map((place) => ({ ...place, running: 0, cordoned: cordoned.has(place.host.name) }));
  }

  private async pool(environment: string): Promise<readonly Pick<BuildHost, 'host' | 'environment'>[]> {
    const hosts = await this.catalog.hosts({ stack: BUILD_STACK, environment });
    return hosts.map((host) => ({ host, environment }));
  }
}
