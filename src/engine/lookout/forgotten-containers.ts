import { Inject, Injectable } from '@nestjs/common';
import type { Host } from '../../domain/host/host.js';
import { LABELS } from '../../domain/instance/container-name.js';
import { DOCKER_HOSTS, type DockerHosts } from '../../ports/docker-hosts.js';
import { HOST_CATALOG, type HostCatalog, type HostPool } from '../../ports/host-catalog.js';
import { AppEnvironments, type AppEnvironmentKey } from '../../store/repositories/app-environments.js';
import { LookoutRecords } from '../../store/repositories/lookout-records.js';
import { poolOf } from './host-standings.js';

/** Finds containers of apps that nothing else would be looked at for: no row says that anything of them runs or should run. */
@Injectable()
export class ForgottenContainers {
  constructor(
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    private readonly appEnvironments: AppEnvironments,
    private readonly records: LookoutRecords,
  ) {}

  /**
   * The apps in environments that have such containers, in the pool where a pass looks for them. Labels of an app that
   * Jockey does not know are somebody else's, and are never touched. A host that does not answer is left out.
   */
  async find(): Promise<readonly AppEnvironmentKey[]> {
    const found = await this.labelled();
    const named = await this.records.known([...found.values()]);
    const looked = new Set((await this.appEnvironments.all()).map(wordOf));
    return named.filter((each) => {
      const pools = found.get(`${each.app} ${each.environment}`)?.pools;
      return pools?.has(poolOf(each)) === true && !looked.has(wordOf(each));
    });
  }

  private async labelled(): Promise<ReadonlyMap<string, Labelled>> {
    const found = new Map<string, Labelled>();
    const hosts = await this.healthyHosts();
    const lists = await Promise.all(
      hosts.map(async ({ host, pools }) => ({ pools, containers: await this.docker.list(host, {}).catch(() => []) })),
    );
    for (const { pools, containers } of lists) for (const { labels } of containers) add(found, labels, pools);
    return found;
  }

  /** Each once, with its pools. */
  private async healthyHosts(): Promise<readonly PooledHost[]> {
    const found = new Map<string, { readonly host: Host; readonly pools: Set<string> }>();
    for (const pool of await this.pools())
      for (const host of await this.catalog.hosts(pool)) {
        const known = found.get(host.name) ?? { host, pools: new Set() };
        if (host.healthy) found.set(host.name, known);
        known.pools.add(poolOf(pool));
      }
    return [...found.values()];
  }

  private async pools(): Promise<readonly HostPool[]> {
    const stacks = await this.records.stacks();
    const pools = stacks.map(async (stack) =>
      (await this.catalog.environmentsOf(stack)).map((environment) => ({ stack, environment })),
    );
    return (await Promise.all(pools)).flat();
  }
}

interface PooledHost {
  readonly host: Host;
  readonly pools: ReadonlySet<string>;
}

interface Labelled {
  readonly app: string;
  readonly environment: string;
  readonly pools: Set<string>;
}

function add(found: Map<string, Labelled>, labels: Readonly<Record<string, string>>, pools: Iterable<string>): void {
  const { [LABELS.app]: app, [LABELS.environment]: environment } = labels;
  if (app === undefined || environment === undefined) return;
  const one = found.get(`${app} ${environment}`) ?? { app, environment, pools: new Set<string>() };
  for (const pool of pools) one.pools.add(pool);
  found.set(`${app} ${environment}`, one);
}

function wordOf({ appId, environmentId }: AppEnvironmentKey): string {
  return `${appId}/${environmentId}`;
}
