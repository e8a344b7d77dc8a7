import { Inject, Injectable } from '@nestjs/common';
import { BUILD_STACK } from '../domain/build/choose-build-host.js';
import type { Host } from '../domain/host/host.js';
import { LABELS } from '../domain/instance/container-name.js';
import { sentenceOf } from '../domain/kernel/errors.js';
import type { RetentionPolicy } from '../domain/retention/retention-policy.js';
import type { HeldImage, HostStock } from '../domain/retention/retention-snapshot.js';
import { HOST_CATALOG, type HostCatalog } from '../ports/host-catalog.js';
import { HOST_IMAGES, type HostImage, type HostImages } from '../ports/host-images.js';
import { RetentionReads } from '../store/repositories/retention-reads.js';

/** A host, and whether it is one that builds. */
export interface KnownHost {
  readonly host: Host;
  readonly builds: boolean;
}

/** What was found, and what could not be looked at, a sentence each. */
export interface StocksSeen {
  readonly hosts: readonly HostStock[];
  /** The hosts of the stocks, by their names. */
  readonly known: ReadonlyMap<string, KnownHost>;
  readonly troubles: readonly string[];
}

/** Looks at what is on the disks of all hosts. */
@Injectable()
export class HostStocks {
  constructor(
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    @Inject(HOST_IMAGES) private readonly images: HostImages,
    private readonly reads: RetentionReads,
  ) {}

  /** A host that cannot be looked at is left out, and so nothing of it is removed. */
  async look(policy: RetentionPolicy): Promise<StocksSeen> {
    if (policy.hostImageDays === null && policy.cacheBytes === null)
      return { hosts: [], known: new Map(), troubles: [] };
    const troubles: string[] = [];
    const known = await this.healthyHosts().catch((error: unknown) => {
      troubles.push(`no host was looked at: ${sentenceOf(error)}`);
      return new Map<string, KnownHost>();
    });
    const building = await this.reads.hostsThatBuild();
    const looks = [...known.values()].map((each) =>
      this.lookAt(each, { policy, building: building.has(each.host.name) }).catch((error: unknown) => {
        troubles.push(`host ${each.host.name} was not looked at: ${sentenceOf(error)}`);
        return null;
      }),
    );
    const hosts = (await Promise.all(looks)).filter((stock) => stock !== null);
    return { hosts, known, troubles };
  }

  private async lookAt(
    { host, builds }: KnownHost,
    { policy, building }: { readonly policy: RetentionPolicy; readonly building: boolean },
  ): Promise<HostStock> {
    const images = policy.hostImageDays === null ? [] : await this.images.list(host);
    const asksCache = builds && policy.cacheBytes !== null;
    const cacheBytes = asksCache ? (await this.images.buildCache(host)).bytes : null;
    return { host: host.name, images: images.map(heldOf), building, cacheBytes };
  }

  /** Each once, however many pools it is in. */
  private async healthyHosts(): Promise<ReadonlyMap<string, KnownHost>> {
    const stacks = await this.reads.stacks();
    const found = new Map<string, KnownHost>();
    for (const stack of new Set([...stacks, BUILD_STACK]))
      for (const host of await this.hostsOf(stack)) {
        const builds = stack === BUILD_STACK || found.get(host.name)?.builds === true;
        if (host.healthy) found.set(host.name, { host, builds });
      }
    return found;
  }

  private async hostsOf(stack: string): Promise<readonly Host[]> {
    const environments = await this.catalog.environmentsOf(stack);
    return (await Promise.all(environments.map((environment) => this.catalog.hosts({ stack, environment })))).flat();
  }
}

function heldOf({ id, names, labels, bytes, createdAt, used }: HostImage): HeldImage {
  return { id, names, labelled: LABELS.build in labels, bytes, createdAt: Date.parse(createdAt), used };
}
