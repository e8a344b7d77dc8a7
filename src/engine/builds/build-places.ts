import { Inject, Injectable } from '@nestjs/common';
import { BUILD_STACK, chooseBuildHost } from '../../domain/build/choose-build-host.js';
import { hostLost } from '../../domain/build/failure-sentence.js';
import type { Host } from '../../domain/host/host.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import { BuildProgress } from '../../store/repositories/build-progress.js';

/** A host of the build stack and the environment whose pool it was found in. */
export interface BuildPlace {
  readonly host: Host;
  readonly environment: string;
}

/** The hosts that images are made on: chosen, and watched while they build. */
@Injectable()
export class BuildPlaces {
  constructor(
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    private readonly progress: BuildProgress,
  ) {}

  /** Chooses one for a build, and writes it down. Throws `unavailable` with the reason against each where there is none. */
  async choose(buildId: string): Promise<BuildPlace> {
    const environments = await this.catalog.environmentsOf(BUILD_STACK);
    const pools = await Promise.all(
      environments.map(async (environment) =>
        (await this.catalog.hosts({ stack: BUILD_STACK, environment })).map((host) => ({ host, environment })),
      ),
    );
    return this.progress.chooseHost(buildId, ({ running, cordoned }) => {
      const hosts = pools.flat().map((place) => ({
        ...place,
        running: running.get(place.host.name) ?? 0,
        cordoned: cordoned.has(place.host.name),
      }));
      const chosen = chooseBuildHost(hosts);
      if ('refusal' in chosen) throw new DomainError('unavailable', chosen.refusal);
      return chosen;
    });
  }

  /**
   * Answers a signal that is aborted, with the sentence of it, when Consul no longer believes in the host: it is not
   * waited for, as its connection may hang for many minutes. Looks until `signal` is aborted.
   */
  watch(place: BuildPlace, signal: AbortSignal): AbortSignal {
    const lost = new AbortController();
    const check = () => void this.check(place, lost);
    this.catalog.watch({ stack: BUILD_STACK, environment: place.environment }, check, signal);
    check();
    return lost.signal;
  }

  private async check({ host, environment }: BuildPlace, lost: AbortController): Promise<void> {
    const hosts = await this.catalog.hosts({ stack: BUILD_STACK, environment }).catch(() => null);
    if (hosts === null) return;
    const now = hosts.find(({ name }) => name === host.name);
    if (now?.healthy === true) return;
    const because = now?.unhealthyBecause ?? 'Consul does not know it any more';
    lost.abort(new DomainError('unavailable', hostLost(host.name, because)));
  }
}
