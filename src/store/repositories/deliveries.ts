import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';
import { AppRow, DeliveryRow, EnvironmentRow, EventRow } from '../entities/index.js';
import { idOrNotFound } from './directory.js';
import { ringDeliveryBell } from './events.js';
import { type Names, namesOf } from './names.js';

/** What stands around deliveries. */
export interface DeliveriesSeen {
  readonly events: ReadonlyMap<string, EventRow>;
  readonly apps: Names;
  readonly environments: Names;
}

/** What went out and is to go out, as the API sees it. */
@Injectable()
export class Deliveries {
  constructor(private readonly dataSource: DataSource) {}

  /** One by id. */
  async get(id: string): Promise<DeliveryRow> {
    const row = await this.dataSource.manager.findOneBy(DeliveryRow, { id: idOrNotFound('delivery', id) });
    if (row === null) throw notFound('delivery', id);
    return row;
  }

  /** Events and names, in a few queries for all of them. */
  async around(rows: readonly DeliveryRow[]): Promise<DeliveriesSeen> {
    const { manager } = this.dataSource;
    const [events, apps, environments] = await Promise.all([
      manager.findBy(EventRow, { id: In([...new Set(rows.map(({ eventId }) => eventId))]) }),
      namesOf(
        manager,
        AppRow,
        rows.flatMap(({ appId }) => appId ?? []),
      ),
      namesOf(
        manager,
        EnvironmentRow,
        rows.flatMap(({ environmentId }) => environmentId ?? []),
      ),
    ]);
    return { events: new Map(events.map((event) => [event.id, event])), apps, environments };
  }

  /** Sends it again now, as if it had never been tried; the attempts stay in its log. One that is under way ends first. */
  async redeliver(id: string): Promise<DeliveryRow> {
    await this.get(id);
    return this.dataSource.transaction(async (manager) => {
      await manager.query(
        `UPDATE deliveries SET state = 'waiting', failed_attempts = 0, next_attempt_at = now(), settled_at = NULL
         WHERE id = $1`,
        [id],
      );
      await ringDeliveryBell(manager);
      return manager.findOneByOrFail(DeliveryRow, { id });
    });
  }
}
