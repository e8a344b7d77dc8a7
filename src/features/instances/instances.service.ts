import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';
import { DeployRow, InstanceRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { Redactors } from '../../store/redactors.js';
import { Directory, idOrNotFound } from '../../store/repositories/directory.js';
import { Places } from '../../store/repositories/places.js';
import { withinSight } from '../../store/within-sight.js';
import { viewOf } from './instance-view.js';
import type { ListedInstanceDto, ListInstancesDto } from './instance.dto.js';

/** Instances as the API shows them: what Jockey has written of them, of all workers of all apps. */
@Injectable()
export class InstancesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly places: Places,
    private readonly redactors: Redactors,
  ) {}

  async list(query: ListInstancesDto): Promise<Page<ListedInstanceDto>> {
    const select = this.dataSource.getRepository(InstanceRow).createQueryBuilder('instance');
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    if (query.environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(query.environment)).id });
    if (query.worker !== undefined) select.andWhere(`instance.spec ->> 'name' = :worker`, { worker: query.worker });
    if (query.host !== undefined) select.andWhere({ host: query.host });
    if (query.state === undefined) select.andWhere(`instance.state <> 'stopped'`);
    else select.andWhere({ state: query.state });
    const columns = { app: 'instance.appId', environment: 'instance.environmentId' };
    const page = await readPage(withinSight(select, columns), query);
    const views = new Map((await this.viewsOf(page.items)).map((view) => [view.id, view]));
    return page.map(({ id }) => views.get(id) as ListedInstanceDto);
  }

  async get(id: string): Promise<ListedInstanceDto> {
    const [view] = await this.viewsOf([await this.row(id)]);
    return view as ListedInstanceDto;
  }

  /** Its row. */
  async row(id: string): Promise<InstanceRow> {
    const row = await this.dataSource.manager.findOneBy(InstanceRow, { id: idOrNotFound('instance', id) });
    if (row === null) throw notFound('instance', id);
    return row;
  }

  /** What a failure says may quote what the app printed. */
  private async viewsOf(rows: readonly InstanceRow[]): Promise<ListedInstanceDto[]> {
    const deploys = await this.dataSource.manager.findBy(DeployRow, { id: In(rows.map(({ deployId }) => deployId)) });
    const commits = new Map(deploys.map(({ id, rref }) => [id, rref]));
    const seen = { ...(await this.places.around(rows)), commits };
    return Promise.all(
      rows.map(async (row) => {
        const view = viewOf(row, seen);
        if (view.failure_reason === null) return view;
        return { ...view, failure_reason: (await this.redactors.of(row)).text(view.failure_reason) };
      }),
    );
  }
}
