import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { invalid } from '../../domain/kernel/errors.js';
import type { HostStand, HostWord } from '../../domain/host/host-word.js';
import type { Precondition } from '../../http/answer/precondition.js';
import { Tagged } from '../../http/answer/tagged.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { AppRow, EnvironmentRow, type InstanceRow } from '../../store/entities/index.js';
import { DEFAULT_PER_PAGE, Page } from '../../store/page.js';
import { HostLoads, NO_LOAD } from '../../store/repositories/host-loads.js';
import { Hosts } from '../../store/repositories/hosts.js';
import { namesOf } from '../../store/repositories/names.js';
import { drainViewOf } from './drain-view.js';
import type { DrainDto, HostDetailDto, HostDto, ListHostsDto, UpdateHostDto } from './host.dto.js';
import { HostPools, type PooledHost } from './host-pools.js';
import { refuseLastHost } from './last-host.js';
import { type InstanceNames, instanceOf, viewOf } from './host-view.js';

/** No app: loads are read here, but nothing is placed. */
const NO_APP = '0';

/** The version of a host of which nothing was ever said: what its row begins with. */
const VERSION_OF_NONE = 1;

interface Emptied {
  readonly requestedAt: Date;
  readonly left: readonly InstanceRow[];
  readonly names: InstanceNames;
}

/** Hosts as the API shows them. They come and go with Consul; what an operator says of them stays. */
@Injectable()
export class HostsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly pools: HostPools,
    private readonly hosts: Hosts,
    private readonly loads: HostLoads,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  /** Ordered by name: hosts have no age. */
  async list({ page = 1, per_page: perPage = DEFAULT_PER_PAGE, ...filter }: ListHostsDto): Promise<Page<HostDto>> {
    const found = await this.pools.find(filter);
    const part = found.slice((page - 1) * perPage, page * perPage);
    return new Page(await this.viewsOf(part), page, perPage, found.length);
  }

  async get(name: string): Promise<Tagged<HostDetailDto>> {
    return this.show(await this.pools.get(name));
  }

  /**
   * A host that Consul does not know is refused: a typing error would look like success. The engine is told each time,
   * also when nothing changed: the one who said it first may have died before.
   */
  async update(name: string, body: UpdateHostDto, precondition: Precondition): Promise<Tagged<HostDetailDto>> {
    const { force, ...word } = body;
    refuseNonsense(word);
    const { found, all } = await this.pools.among(name);
    const living = (await this.hosts.instancesOn(name)).length;
    await this.hosts.say({
      name,
      word,
      require: (version) => precondition.require(version),
      judge: (before, after, rows) => {
        refuseLostReason(word, after);
        if (force !== true) refuseLastHost({ found, all, living }, { before, after, rows });
      },
    });
    const concerned = await this.hosts.concerned(name, found.pools);
    await Promise.all(concerned.map((each) => this.queue.send({ kind: 'app_environment', ...each })));
    return this.show(found);
  }

  private async show(found: PooledHost): Promise<Tagged<HostDetailDto>> {
    const { name } = found.host;
    const [[view], left, rows] = await Promise.all([
      this.viewsOf([found]),
      this.hosts.instancesOn(name),
      this.hosts.rows([name]),
    ]);
    const names = await this.namesOf(left);
    const row = rows.get(name);
    const requestedAt = row?.drainRequestedAt ?? null;
    const drain = requestedAt === null ? null : await this.drainOf(found, { requestedAt, left, names });
    const detail = { ...(view as HostDto), drain, instances: left.map((each) => instanceOf(each, names)) };
    return new Tagged(detail, row?.version ?? VERSION_OF_NONE, true);
  }

  private async drainOf({ host }: PooledHost, { requestedAt, left, names }: Emptied): Promise<DrainDto> {
    const [successors, moved, deploys] = await Promise.all([
      this.hosts.successorsOf(left, host.name),
      this.hosts.endedSince(host.name, requestedAt),
      this.hosts.deploysAround(left),
    ]);
    return drainViewOf({ host, requestedAt, moved, left, successors, deploys, names });
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

function refuseNonsense({ cordoned, drain, reason }: HostWord): void {
  if (cordoned === undefined && drain === undefined && reason === undefined)
    throw invalid('cordoned', 'is required, where neither drain nor reason is given.');
  if (cordoned === false && drain === true)
    throw invalid('drain', 'is true, but cordoned is false: a host that is emptied takes no new instances.');
}

/** A reason alone is for a host that is cordoned already. */
function refuseLostReason({ cordoned, drain, reason }: HostWord, after: HostStand): void {
  if (cordoned !== undefined || drain !== undefined || after.cordoned || reason === null) return;
  throw invalid('reason', 'is only kept while the host is cordoned: send cordoned or drain too.');
}
