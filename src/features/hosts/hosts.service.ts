import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppRow, EnvironmentRow, type InstanceRow } from '../../store/entities/index.js';
import { DEFAULT_PER_PAGE, Page } from '../../store/page.js';
import { HostLoads, NO_LOAD } from '../../store/repositories/host-loads.js';
import { Hosts } from '../../store/repositories/hosts.js';
import { namesOf } from '../../store/repositories/names.js';
import type { HostDetailDto, HostDto, ListHostsDto, UpdateHostDto } from './host.dto.js';
import { HostPools, type PooledHost } from './host-pools.js';
import { type InstanceNames, instanceOf, viewOf } from './host-view.js';

/** No app: loads are read here, but nothing is placed. */
const NO_APP = '0';

/** Hosts as the API shows them. They come and go with Consul; what an operator says of them stays. */
@Injectable()
export class HostsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly pools: HostPools,
    private readonly hosts: Hosts,
    private readonly loads: HostLoads,
  ) {}

  /** Ordered by name: hosts have no age. */
  async list({ page = 1, per_page: perPage = DEFAULT_PER_PAGE, ...filter }: ListHostsDto): Promise<Page<HostDto>> {
    const found = await this.pools.find(filter);
    const part = found.slice((page - 1) * perPage, page * perPage);
    return new Page(await this.viewsOf(part), page, perPage, found.length);
  }

  async get(name: string): Promise<HostDetailDto> {
    const found = await this.pools.get(name);
    const [[view], rows] = await Promise.all([this.viewsOf([found]), this.hosts.instancesOn(name)]);
    const names = await this.namesOf(rows);
    return { ...(view as HostDto), instances: rows.map((row) => instanceOf(row, names)) };
  }

  /** A host that Consul does not know is refused: a typing error would look like success. */
  async update(name: string, { cordoned, reason = null }: UpdateHostDto): Promise<HostDetailDto> {
    await this.pools.get(name);
    await this.hosts.keepCordon(name, { cordoned, reason: cordoned ? reason : null });
    return this.get(name);
  }

  private async namesOf(rows: readonly InstanceRow[]): Promise<InstanceNames> {
    const { manager } = this.dataSource;
    const appIds = rows.map(({ appId }) => appId);
    const environmentIds = rows.map(({ environmentId }) => environmentId);
    return {
      apps: await namesOf(manager, AppRow, appIds),
      environments: await namesOf(manager, EnvironmentRow, environmentIds),
    };
  }

  private async viewsOf(found: readonly PooledHost[]): Promise<HostDto[]> {
    const [rows, loads, running] = await Promise.all([
      this.hosts.rows(found.map(({ host }) => host.name)),
      this.loads.read(NO_APP),
      this.hosts.running(),
    ]);
    return found.map((each) => {
      const { name } = each.host;
      return viewOf(each, { row: rows.get(name), load: loads.get(name) ?? NO_LOAD, running: running.get(name) ?? 0 });
    });
  }
}
