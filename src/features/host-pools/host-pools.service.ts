import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import type { Precondition } from '../../http/answer/precondition.js';
import { Tagged } from '../../http/answer/tagged.js';
import { type PoolSight, PoolSights } from '../../observation/pool-sights.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { HostPoolRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { Directory, idOrNotFound } from '../../store/repositories/directory.js';
import { HostPoolRecords } from '../../store/repositories/host-pools.js';
import { PoolWrites } from '../../store/repositories/pool-writes.js';
import type {
  CreateHostPoolDto,
  DeleteHostPoolDto,
  ListHostPoolsDto,
  UpdateHostPoolDto,
} from './host-pool-input.dto.js';
import type { PoolDto } from './host-pool.dto.js';
import { viewOf } from './host-pool-view.js';
import { PoolDrafts } from './pool-drafts.js';
import { PoolGroups } from './pool-groups.js';

/** Pools as the API shows and changes them. */
@Injectable()
export class HostPoolsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly pools: HostPoolRecords,
    private readonly sights: PoolSights,
    private readonly drafts: PoolDrafts,
    private readonly groups: PoolGroups,
    private readonly writes: PoolWrites,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  /** Groups are asked one after the other: Amazon throttles those who ask for many at once. */
  async list(query: ListHostPoolsDto): Promise<Page<PoolDto>> {
    const select = this.dataSource.getRepository(HostPoolRow).createQueryBuilder('pool').where({ deletedAt: IsNull() });
    if (query.stack !== undefined) select.andWhere({ stackId: (await this.directory.stack(query.stack)).id });
    if (query.environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(query.environment)).id });
    const page = await readPage(select, query);
    const views: PoolDto[] = [];
    for (const row of page.items) views.push(viewOf(row, await this.sights.of(row)));
    return new Page(views, page.page, page.perPage, page.totalCount);
  }

  async get(id: string): Promise<Tagged<PoolDto>> {
    return this.tagged(await this.row(id));
  }

  /** The row of a living pool. */
  async row(id: string): Promise<HostPoolRow> {
    const row = await this.pools.find(idOrNotFound('host pool', id));
    if (row === null) throw notFound('host pool', id);
    return row;
  }

  /** The living pool of a place; null where there is none. */
  at(stackId: string, environmentId: string): Promise<HostPoolRow | null> {
    return this.pools.at(stackId, environmentId);
  }

  async create(body: CreateHostPoolDto): Promise<Tagged<PoolDto>> {
    const { pool, place, owner, seen } = await this.drafts.ofNew(body);
    const row = await this.writes.create({
      place: `${place.stack} in ${place.environment}`,
      pool,
      reason: seen === null ? 'The pool was made with so many.' : 'The group had so many when it was adopted.',
      act: (written) => (seen === null ? this.groups.make(written, owner) : this.groups.adopt(written, owner, seen)),
    });
    return this.told(row);
  }

  async update(id: string, body: UpdateHostPoolDto, precondition: Precondition): Promise<Tagged<PoolDto>> {
    const { apply, why } = await this.drafts.ofChange(await this.row(id), body);
    const row = await this.writes.change({
      id,
      require: (version) => precondition.require(version),
      change: apply,
      why,
      act: (before, after) => this.groups.follow(before, after),
    });
    return this.told(row);
  }

  /** The answer shows the pool as it was. */
  async delete(
    id: string,
    { keep_group: keep = true }: DeleteHostPoolDto,
    precondition: Precondition,
  ): Promise<PoolDto> {
    const row = await this.row(id);
    const sight = await this.sights.of(row);
    const require = (version: number): void => precondition.require(version);
    if (keep || row.kind === 'static') await this.writes.forget({ id, require, act: async () => {} });
    else await this.deleteWithGroup(sight, { id, require });
    await this.queue.send({ kind: 'host_pool', poolId: id });
    return viewOf(row, sight);
  }

  /** Nothing is concluded from silence: while Consul cannot be asked, nobody knows what runs. */
  private async deleteWithGroup(
    { consulTrouble, hosts }: PoolSight,
    end: { readonly id: string; readonly require: (version: number) => void },
  ): Promise<void> {
    if (consulTrouble !== null)
      throw new DomainError('unavailable', `What runs on its hosts is not known: ${consulTrouble}`);
    const names = hosts.flatMap(({ name }) => name ?? []);
    await this.writes.close(names);
    try {
      await this.writes.forget({ ...end, act: (row) => this.groups.remove(row) });
    } catch (error) {
      await this.writes.open(names);
      throw error;
    }
  }

  /** Has an engine look at it now. */
  async look(id: string): Promise<Tagged<PoolDto>> {
    return this.told(await this.row(id));
  }

  private async told(row: HostPoolRow): Promise<Tagged<PoolDto>> {
    await this.queue.send({ kind: 'host_pool', poolId: row.id });
    return this.tagged(row);
  }

  private async tagged(row: HostPoolRow): Promise<Tagged<PoolDto>> {
    return new Tagged(viewOf(row, await this.sights.of(row)), row.version, true);
  }
}
