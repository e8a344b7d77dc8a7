import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeliveryRow } from '../../store/entities/index.js';
import { type Page, readPage } from '../../store/page.js';
import { Deliveries } from '../../store/repositories/deliveries.js';
import { Directory } from '../../store/repositories/directory.js';
import { withinSight } from '../../store/within-sight.js';
import type { DeliveryDto, ListDeliveriesDto } from './delivery.dto.js';
import { viewOf } from './delivery-view.js';

/** Deliveries as the API shows them and sends them again. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly deliveries: Deliveries,
  ) {}

  async list(query: ListDeliveriesDto): Promise<Page<DeliveryDto>> {
    const { app, environment, target, event, channel, state } = query;
    const select = this.dataSource.getRepository(DeliveryRow).createQueryBuilder('delivery');
    if (app !== undefined) select.andWhere({ appId: (await this.directory.app(app)).id });
    if (environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(environment)).id });
    if (target !== undefined) select.andWhere({ targetId: target });
    if (channel !== undefined) select.andWhere({ channel });
    if (state !== undefined) select.andWhere({ state });
    if (event !== undefined)
      select.andWhere('delivery.eventId IN (SELECT "id" FROM "events" WHERE "kind" = :event)', { event });
    const sight = { app: 'delivery.appId', environment: 'delivery.environmentId' };
    const page = await readPage(withinSight(select, sight), query);
    const seen = await this.deliveries.around(page.items);
    return page.map((row) => viewOf(row, seen));
  }

  async get(id: string): Promise<DeliveryDto> {
    return this.viewed(await this.deliveries.get(id));
  }

  async redeliver(id: string): Promise<DeliveryDto> {
    return this.viewed(await this.deliveries.redeliver(id));
  }

  private async viewed(row: DeliveryRow): Promise<DeliveryDto> {
    return viewOf(row, await this.deliveries.around([row]));
  }
}
