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
  async record(manager: EntityManager, event: NewEvent): Promise<EventRow> {
    const [written] = await Events.recordAll(manager, [event]);
    return written as EventRow;
  },

  /** The same for many, in their order. */
  async recordAll(manager: EntityManager, events: readonly NewEvent[]): Promise<readonly EventRow[]> {
    if (events.length === 0) return [];
    const by = presentCaller()?.name ?? null;
    const rows = events.map(({ data, ...event }) => ({ ...event, data: { ...data, by } }));
    const insert = manager
      .createQueryBuilder()
      .insert()
      .into(EventRow)
      .values(rows.map((row): object => row));
    const { raw } = await insert.updateEntity(false).returning(['id', 'at']).execute();
    const given = raw as { id: string; at: Date }[];
    const written = rows.map((row, index) => manager.create(EventRow, { ...row, ...given[index] }));
    for (const event of written) for (const fan of FANS) await fan(manager, event);
    await ringDeliveryBell(manager);
    return written;
  },
};

/** Heard when the transaction is committed; of many in one transaction Postgres passes one on. */
export async function ringDeliveryBell(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [DELIVERY_BELL, '']);
}
