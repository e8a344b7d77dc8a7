import type { EntityManager } from 'typeorm';
import type { NewEvent } from '../../domain/event/event-kind.js';
import { EventRow } from '../entities/index.js';
import { presentCaller } from '../present-caller.js';
import { FANS } from './fans.js';

/** Wakes the engines that wait for something to send. */
export const DELIVERY_BELL = 'jockey_deliveries';

/** What happened, in the order in which it did. */
export const Events = {
  /**
   * Writes down what happened and all that is to go out because of it. Call it in the transaction of the change that it
   * tells of: then it is told of once if the change is kept, and not at all if it is not.
   */
  async record(manager: EntityManager, { data, ...event }: NewEvent): Promise<EventRow> {
    const facts = { ...data, by: presentCaller()?.name ?? null };
    const { id } = await manager.save(manager.create(EventRow, { ...event, data: facts } as Partial<EventRow>));
    const written = await manager.findOneByOrFail(EventRow, { id });
    for (const fan of FANS) await fan(manager, written);
    await ringDeliveryBell(manager);
    return written;
  },
};

/** Heard when the transaction is committed; of many in one transaction Postgres passes one on. */
export async function ringDeliveryBell(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [DELIVERY_BELL, '']);
}
