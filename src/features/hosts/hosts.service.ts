import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, Not } from 'typeorm';
import type { Host } from '../../domain/host/host.js';
import { notFound } from '../../domain/kernel/errors.js';
import { HOST_CATALOG, type HostCatalog, type HostPool } from '../../ports/host-catalog.js';
import { EnvironmentRow, HostRow, InstanceRow, StackRow } from '../../store/entities/index.js';
import { DEFAULT_PER_PAGE, Page } from '../../store/page.js';
import { Directory } from '../../store/repositories/directory.js';
import { type HostLoad, HostLoads, NO_LOAD } from '../../store/repositories/host-loads.js';
import { instanceOf } from '../deploys/deploy-view.js';
import type { HostDto, ListHostsDto, UpdateHostDto } from './host.dto.js';

/** A host and the pool that it was found in. */
interface Pooled {
  readonly host: Host;
  readonly pool: HostPool;
}

/** Nobody asks: the failures of an app are not counted here. */
const NO_APP = '0';

/** Hosts as the API shows them: those that Consul knows, with what Jockey has on them. */
@Injectable()
export class HostsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly loads: HostLoads,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
  ) {}

  async list(query: ListHostsDto): Promise<Page<HostDto>> {
    const { page = 1, per_page: perPage = DEFAULT_PER_PAGE } = query;
    const all = await this.viewsOf(await this.inPools(await this.poolsOf(query)));
    return new Page(all.slice((page - 1) * perPage, page * perPage), page, perPage, all.length);
  }

  async get(name: string): Promise<HostDto> {
    const found = (await this.inPools(await this.poolsOf({}))).find(({ host }) => host.name === name);
    if (found === undefined) throw notFound('host', name);
    const [view] = await this.viewsOf([found]);
    const rows = await this.dataSource.manager.find(InstanceRow, {
      where: { host: name, state: Not('stopped') },
      order: { id: 'ASC' },
    });
    return { ...(view as HostDto), instances: rows.map(instanceOf) };
  }

  /** Cordons a host, or takes that back. */
  async update(name: string, { cordoned, reason }: UpdateHostDto): Promise<HostDto> {
    await this.get(name);
    await this.dataSource.manager.upsert(HostRow, { name, cordoned, reason: cordoned ? (reason ?? null) : null }, [
      'name',
    ]);
    return this.get(name);
  }

  private async poolsOf({ stack, environment }: ListHostsDto): Promise<HostPool[]> {
    const { manager } = this.dataSource;
    const stacks =
      stack === undefined
        ? await manager.find(StackRow, { order: { name: 'ASC' } })
        : [await this.directory.stack(stack)];
    const environments =
      environment === undefined
        ? await manager.find(EnvironmentRow, { order: { name: 'ASC' } })
        : [await this.directory.environment(environment)];
    return stacks.flatMap((each) => environments.map(({ name }) => ({ stack: each.name, environment: name })));
  }

  private async inPools(pools: readonly HostPool[]): Promise<Pooled[]> {
    const found = await Promise.all(
      pools.map(async (pool) => (await this.catalog.hosts(pool)).map((host) => ({ host, pool }))),
    );
    return found.flat();
  }

  private async viewsOf(found: readonly Pooled[]): Promise<HostDto[]> {
    const loads = await this.loads.read(NO_APP);
    const rows = await this.dataSource.manager.findBy(HostRow, { name: In(found.map(({ host }) => host.name)) });
    const observed = new Map(rows.map((row) => [row.name, row]));
    return found.map((each) => viewOf(each, loads.get(each.host.name) ?? NO_LOAD, observed.get(each.host.name)));
  }
}

function viewOf({ host, pool }: Pooled, load: HostLoad, row: HostRow | undefined): HostDto {
  const { memoryMb, cpus } = host.capacity ?? { memoryMb: row?.memoryMb ?? null, cpus: row?.cpus ?? null };
  return {
    id: host.name,
    name: host.name,
    address: host.address,
    stack: pool.stack,
    environment: pool.environment,
    healthy: host.healthy,
    unhealthy_because: host.unhealthyBecause,
    cordoned: load.cordoned,
    cordon_reason: load.cordonReason,
    capacity: memoryMb === null || cpus === null ? null : { memory_mb: memoryMb, cpus },
    reserved: { memory_mb: load.reserved.memoryMb, cpus: load.reserved.cpus },
    instances_count: load.instances,
  };
}
