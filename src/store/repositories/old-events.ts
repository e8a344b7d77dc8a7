import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Events and settled deliveries are kept so long, in days; what still waits is kept until it is settled. */
export const EVENTS_KEPT_DAYS = 30;

/** So many rows go at once, so that no transaction is long; the next sweep takes the rest. */
const AT_ONCE = 5_000;

/** Removes what is too old. */
@Injectable()
export class OldEvents {
  constructor(private readonly dataSource: DataSource) {}

  /** Deliveries first: an event goes when nothing tells of it any more. */
  async prune(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM deliveries WHERE id IN (
         SELECT id FROM deliveries WHERE state <> 'waiting' AND created_at < now() - $1 * interval '1 day' LIMIT $2)`,
      [EVENTS_KEPT_DAYS, AT_ONCE],
    );
    await this.dataSource.query(
      `DELETE FROM events WHERE id IN (
         SELECT id FROM events WHERE at < now() - $1 * interval '1 day'
           AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id) LIMIT $2)`,
      [EVENTS_KEPT_DAYS, AT_ONCE],
    );
  }
}
