import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { WebhookAnswer } from '../../domain/push/webhook-answer.js';
import { notFound } from '../../domain/kernel/errors.js';
import { WebhookDeliveryRow } from '../entities/index.js';
import { idOrNotFound } from './directory.js';

/**
 * Days that payloads are kept: GitHub itself lets deliveries of the last 3 days be sent again
 * (https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks); a month is enough to
 * find out what went wrong. The rows stay: they are how a GUID is known.
 */
export const PAYLOAD_DAYS = 30;

/** A delivery before anything came of it. */
export type NewDelivery = Pick<
  WebhookDeliveryRow,
  'appId' | 'guid' | 'event' | 'digest' | 'ref' | 'pushedAt' | 'headers' | 'bytes' | 'replayOf'
> & { readonly body: Buffer };

/** What GitHub delivered, and what came of it. */
@Injectable()
export class WebhookDeliveries {
  constructor(private readonly dataSource: DataSource) {}

  /** One by id. */
  async get(id: string): Promise<WebhookDeliveryRow> {
    const where = { id: idOrNotFound('webhook delivery', id) };
    const delivery = await this.dataSource.manager.findOneBy(WebhookDeliveryRow, where);
    if (delivery === null) throw notFound('webhook delivery', id);
    return delivery;
  }

  /** The bytes as they came; null once they are pruned. */
  async bodyOf(id: string): Promise<Buffer | null> {
    const [row] = await this.dataSource.query<{ body: Buffer | null }[]>(
      'SELECT body FROM webhook_deliveries WHERE id = $1',
      [id],
    );
    return row?.body ?? null;
  }

  /** The last one that GitHub sent to an app; null where none came. */
  async lastOf(appId: string): Promise<WebhookDeliveryRow | null> {
    const where = { appId, replayOf: IsNull() };
    return this.dataSource.manager.findOne(WebhookDeliveryRow, { where, order: { id: 'DESC' } });
  }

  /** Forgets payloads that are older than {@link PAYLOAD_DAYS}. */
  async prune(): Promise<void> {
    await this.dataSource.query(
      `UPDATE webhook_deliveries SET body = NULL WHERE body IS NOT NULL AND created_at < now() - make_interval(days => $1)`,
      [PAYLOAD_DAYS],
    );
  }
}

/** Deliveries to an app are worked on one after the other, until the transaction ends. */
export async function lockWebhooks(manager: EntityManager, appId: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`webhooks ${appId}`]);
}

/** What was written of a GUID already; null where it is new. */
export async function deliveredBefore(
  manager: EntityManager,
  { appId, guid }: Pick<NewDelivery, 'appId' | 'guid'>,
): Promise<WebhookDeliveryRow | null> {
  return manager.findOneBy(WebhookDeliveryRow, { appId, guid, replayOf: IsNull() });
}

/** An accepted push of the very same bytes; null where there is none. No two pushes have the same bytes. */
export async function sameBytesBefore(
  manager: EntityManager,
  { appId, digest }: Pick<NewDelivery, 'appId' | 'digest'>,
): Promise<WebhookDeliveryRow | null> {
  return manager.findOneBy(WebhookDeliveryRow, { appId, digest, event: 'push', accepted: true });
}

/** An accepted push to the same branch that came to GitHub later than this one; null where there is none. */
export async function laterPush(
  manager: EntityManager,
  { appId, ref, pushedAt }: Pick<NewDelivery, 'appId' | 'ref' | 'pushedAt'>,
): Promise<WebhookDeliveryRow | null> {
  return manager
    .createQueryBuilder(WebhookDeliveryRow, 'delivery')
    .where({ appId, ref, event: 'push', accepted: true })
    .andWhere('delivery.pushed_at > CAST(:pushedAt AS bigint)', { pushedAt })
    .orderBy('delivery.id', 'DESC')
    .limit(1)
    .getOne();
}

/** Writes a delivery with what came of it. */
export async function writeDelivery(
  manager: EntityManager,
  delivery: NewDelivery,
  answer: WebhookAnswer,
): Promise<WebhookDeliveryRow> {
  const row = { ...delivery, accepted: answer.accepted, answer };
  const { id } = await manager.save(WebhookDeliveryRow, row as WebhookDeliveryRow);
  return manager.findOneByOrFail(WebhookDeliveryRow, { id });
}
