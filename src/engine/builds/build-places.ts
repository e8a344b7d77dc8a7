import { Inject, Injectable } from '@nestjs/common';
import { BUILD_STACK } from '../../domain/build/choose-build-host.js';
import { hostLost } from '../../domain/build/failure-sentence.js';
import type { Host } from '../../domain/host/host.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';

/** A host of the build stack and the environment whose pool it was found in. */
export interface BuildPlace {
  readonly host: Host;
  readonly environment: string;
}

/** A host that went away under a build: the build is not to blame, and is begun again on another. */
export class HostLost extends DomainError {
  constructor(place: BuildPlace, because: string) {
    super('unavailable', hostLost(place.host.name, because));
  }
}

/** The hosts that images are made on, watched while they build. */
@Injectable()
export class BuildPlaces {
  constructor(@Inject(HOST_CATALOG) private readonly catalog: HostCatalog) {}

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

  private async check(place: BuildPlace, lost: AbortController): Promise<void> {
    const { host, environment } = place;
    const hosts = await this.catalog.hosts({ stack: BUILD_STACK, environment }).catch(() => null);
    if (hosts === null) return;
    const now = hosts.find(({ name }) => name === host.name);
    if (now?.healthy === true) return;
    const because = now?.unhealthyBecause ?? 'Consul does not know it any more';
    lost.abort(new HostLost(place, because));
  }
}
