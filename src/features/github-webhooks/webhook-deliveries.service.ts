import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/errors.js';
import { WebhookDeliveryRow } from '../../store/entities/index.js';
import { type Page, readPage } from '../../store/page.js';
import { Directory } from '../../store/repositories/directory.js';
import { appsOf } from '../../store/repositories/views.js';
import { PAYLOAD_DAYS, WebhookDeliveries } from '../../store/repositories/webhook-deliveries.js';
import { withinSight } from '../../store/within-sight.js';
import { readDelivery } from './read-delivery.js';
import { viewOf } from './webhook-delivery-view.js';
import type { ListWebhookDeliveriesDto, WebhookDeliveryDto } from './webhook-delivery.dto.js';
import { WebhookEffects } from './webhook-effects.js';

/** Longest payload that is shown, in characters; what is kept is whole. */
const LONGEST_SHOWN = 100_000;

/** Deliveries as the API shows them, and runs them anew. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly deliveries: WebhookDeliveries,
    private readonly effects: WebhookEffects,
  ) {}

  async list(query: ListWebhookDeliveriesDto): Promise<Page<WebhookDeliveryDto>> {
    const select = this.dataSource.getRepository(WebhookDeliveryRow).createQueryBuilder('delivery');
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    const page = await readPage(withinSight(select, { app: 'delivery.appId' }), query);
    const seen = await appsOf(
      this.dataSource.manager,
      page.items.map(({ appId }) => appId),
    );
    return page.map((delivery) => viewOf(delivery, seen));
  }

  async get(id: string): Promise<WebhookDeliveryDto> {
    const delivery = await this.deliveries.get(id);
    const body = await this.deliveries.bodyOf(delivery.id);
    const seen = await appsOf(this.dataSource.manager, [delivery.appId]);
    const payload = body === null ? null : body.toString('utf8').slice(0, LONGEST_SHOWN);
    return { ...viewOf(delivery, seen), headers: delivery.headers, payload };
  }

  /** Runs the kept payload anew, on behalf of who asks. */
  async replay(id: string): Promise<WebhookDeliveryDto> {
    const { id: replayOf, appId, headers } = await this.deliveries.get(id);
    const body = await this.deliveries.bodyOf(replayOf);
    if (body === null) throw pruned(replayOf);
    const row = await this.effects.run({ appId, delivery: readDelivery(headers, body), replayOf });
    return viewOf(row, await appsOf(this.dataSource.manager, [appId]));
  }
}

const pruned = (id: string): DomainError =>
  new DomainError(
    'conflict',
    `The payload of webhook delivery ${id} is older than ${PAYLOAD_DAYS} days and was pruned; deploy its commit with POST /deploys.`,
  );
