import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Environment } from '../../config/environment.js';

/** Settled deliveries are kept so long, in days; what still waits is kept until it is settled. */
const DELIVERIES_KEPT_DAYS = 30;

/** So many rows go at once, so that no transaction is long; the next sweep takes the rest. */
const AT_ONCE = 5_000;

/** Removes what is too old. */
@Injectable()
export class OldEvents {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Environment,
  ) {}

  /**
   * Deliveries first: an event goes when it is old and nothing tells of it any more. Up to where events are gone is
   * written down with that, so that whoever comes late is told.
   */
  async prune(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM deliveries WHERE id IN (
         SELECT id FROM deliveries WHERE state <> 'waiting' AND created_at < now() - $1 * interval '1 day' LIMIT $2)`,
      [DELIVERIES_KEPT_DAYS, AT_ONCE],
    );
    await this.dataSource.query(
      `WITH gone AS (
         DELETE FROM events WHERE id IN (
           SELECT id FROM events WHERE at < now() - $1 * interval '1 day'
             AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id) ORDER BY position LIMIT $2)
         RETURNING position)
       INSERT INTO event_prunings (id, up_to) SELECT 1, max(position) FROM gone HAVING max(position) IS NOT NULL
       ON CONFLICT (id) DO UPDATE SET up_to = GREATEST(event_prunings.up_to, excluded.up_to)`,
      [this.settings.EVENTS_KEPT_DAYS, AT_ONCE],
    );
  }
}
