import type { EntityManager } from 'typeorm';
import { DeliveryRow, type EventRow } from '../entities/index.js';

/** What is to go out; one event has one of each channel and key. */
export type NewDelivery = Pick<DeliveryRow, 'channel'> &
  Partial<Pick<DeliveryRow, 'key' | 'targetId' | 'lane' | 'payload'>>;

/** Puts something in the outbox. What is there already is not put in again. */
export async function putInOutbox(manager: EntityManager, event: EventRow, delivery: NewDelivery): Promise<void> {
  const { id: eventId, appId, environmentId } = event;
  await manager
    .createQueryBuilder()
    .insert()
    .into(DeliveryRow)
    .values({ eventId, appId, environmentId, ...delivery } as object)
    .orIgnore()
    .execute();
}
