import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Host } from '../../domain/host/host.js';
import { notFound } from '../../domain/kernel/errors.js';
import { HOST_CATALOG, type HostCatalog, type HostPool } from '../../ports/host-catalog.js';
import { EnvironmentRow, StackRow } from '../../store/entities/index.js';
import { Directory } from '../../store/repositories/directory.js';

/** A host and the pools that it was found in. */
export interface PooledHost {
  readonly host: Host;
  /** At least one, ordered by stack, then environment. */
  readonly pools: readonly [HostPool, ...HostPool[]];
}

/** Which pools are looked into; all of them where nothing is said. */
export interface PoolFilter {
  /** By name or id. */
  readonly stack?: string;
  /** By name or id. */
  readonly environment?: string;
}

/** Finds hosts in the pools that Jockey knows: each stack in each environment. Consul is asked, and may be away. */
@Injectable()
export class HostPools {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
  ) {}

  /** The hosts of the pools, each once, ordered by name. */
  async find(filter: PoolFilter): Promise<readonly PooledHost[]> {
    const pools = await this.pools(filter);
    const lists = await Promise.all(
      pools.map(async (pool) => (await this.catalog.hosts(pool)).map((host) => ({ host, pool }))),
    );
    const found = new Map<string, PooledHost>();
    for (const { host, pool } of lists.flat()) found.set(host.name, joined(found.get(host.name), host, pool));
    return [...found.values()].sort((one, other) => (one.host.name < other.host.name ? -1 : 1));
  }

  /** One by name, in whichever pools it is; `not_found` where Consul has it in none. */
  async get(name: string): Promise<PooledHost> {
    return (await this.among(name)).found;
  }

  /** One by name, and all that there are. */
  async among(name: string): Promise<{ readonly found: PooledHost; readonly all: readonly PooledHost[] }> {
    const all = await this.find({});
    const found = all.find(({ host }) => host.name === name);
    if (found === undefined) throw notFound('host', name);
    return { found, all };
  }

  private async pools({ stack, environment }: PoolFilter): Promise<HostPool[]> {
    const stacks = stack === undefined ? await this.all(StackRow) : [await this.directory.stack(stack)];
    const environments =
      environment === undefined ? await this.all(EnvironmentRow) : [await this.directory.environment(environment)];
    return stacks.flatMap((each) => environments.map(({ name }) => ({ stack: each.name, environment: name })));
  }

  private all(entity: new () => StackRow | EnvironmentRow): Promise<(StackRow | EnvironmentRow)[]> {
    return this.dataSource.manager.find(entity, { order: { name: 'ASC' } });
  }
}

/** A check may fail in one pool alone; the worse word counts. Which machine it is may be said in one pool alone, too. */
function joined(before: PooledHost | undefined, host: Host, pool: HostPool): PooledHost {
  if (before === undefined) return { host, pools: [pool] };
  const machine = before.host.machine ?? host.machine;
  return { host: { ...(before.host.healthy ? host : before.host), machine }, pools: [...before.pools, pool] };
}
