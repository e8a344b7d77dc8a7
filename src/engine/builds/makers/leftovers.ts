import { Inject, Injectable } from '@nestjs/common';
import { BUILD_STACK } from '../../../domain/build/choose-build-host.js';
import { buildContainerName } from '../../../domain/build/build-container.js';
import type { Host } from '../../../domain/host/host.js';
import { sentenceOf } from '../../../domain/kernel/errors.js';
import { BUILD_HOSTS, type BuildHosts } from '../../../ports/build-hosts.js';
import { HOST_CATALOG, type HostCatalog } from '../../../ports/host-catalog.js';
import type { MakingTask } from './maker.js';

/** What earlier tries of a build may have left on other hosts: containers of buildpacks that nobody reads any more. */
@Injectable()
export class Leftovers {
  constructor(
    @Inject(BUILD_HOSTS) private readonly hosts: BuildHosts,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
  ) {}

  /** Removes them, so that no build runs twice at once. A host that does not answer is told of in the log. */
  async remove({ build, app, place, log }: MakingTask): Promise<void> {
    if (build.attempts < 2 && build.hostLosses === 0) return;
    const name = buildContainerName(app.name, build.id);
    const others = (await this.buildHosts()).filter((host) => host.name !== place.host.name);
    for (const host of others)
      await this.hosts
        .removeContainer(host, name)
        .catch((error: unknown) =>
          log.add('engine', `whether ${name} still runs on ${host.name} is not known: ${sentenceOf(error)}`, 'warn'),
        );
  }

  private async buildHosts(): Promise<readonly Host[]> {
    const environments = await this.catalog.environmentsOf(BUILD_STACK);
    const pools = await Promise.all(
      environments.map((environment) => this.catalog.hosts({ stack: BUILD_STACK, environment })),
    );
    const healthy = pools.flat().filter((host) => host.healthy);
    return [...new Map(healthy.map((host) => [host.name, host])).values()];
  }
}
