import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { ATTEMPTS_KEPT, type DeliveryAttempt } from '../../domain/delivery/delivery.js';
import { DeliveryRow, EventRow } from '../entities/index.js';

/** A delivery that one engine makes now, and the event that it tells of. */
export interface TakenDelivery {
  readonly delivery: DeliveryRow;
  readonly event: EventRow;
}

/** Which deliveries an engine takes. */
export interface Taking {
  /** Who takes them. */
  readonly holder: string;
  readonly channels: readonly string[];
  readonly limit: number;
  /** So long nobody else takes them, in milliseconds. */
  readonly holdMs: number;
}

/** What an attempt came to. */
export interface Settlement {
  readonly attempt: DeliveryAttempt;
  /** Seconds until the next attempt; null where there is none. */
  readonly nextIn: number | null;
}

/** Nothing else of the same lane waits from before; in one lane one goes out at a time. */
const LANE_IS_FREE = `(d.lane IS NULL OR NOT EXISTS (
  SELECT 1 FROM deliveries earlier WHERE earlier.lane = d.lane AND earlier.state = 'waiting' AND earlier.id < d.id))`;

/** The engine's half of the outbox. The clock is the database's, so that engines with different clocks agree. */
@Injectable()
export class DueDeliveries {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Takes what is due and nobody holds. Those that never failed come first, so that a receiver that is away keeps
   * nobody else waiting.
   */
  async take({ holder, channels, limit, holdMs }: Taking): Promise<readonly TakenDelivery[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `WITH due AS (
         SELECT id FROM deliveries d
         WHERE state = 'waiting' AND next_attempt_at <= now() AND (held_until IS NULL OR held_until <= now())
           AND channel = ANY($3) AND ${LANE_IS_FREE}
         ORDER BY failed_attempts, next_attempt_at, id LIMIT $4 FOR UPDATE SKIP LOCKED),
       taken AS (
         UPDATE deliveries SET holder = $1, held_until = now() + $2 * interval '1 millisecond'
         FROM due WHERE deliveries.id = due.id RETURNING deliveries.id)
       SELECT id FROM taken`,
      [holder, holdMs, channels, limit],
    );
    return rows.length === 0 ? [] : this.read(rows.map(({ id }) => id));
  }

  /** Milliseconds until the next is due; null when nothing waits. */
  async nextDueIn(channels: readonly string[]): Promise<number | null> {
    const [next] = await this.dataSource.query<{ in: number | null }[]>(
      `SELECT extract(epoch FROM min(GREATEST(next_attempt_at, held_until)) - now())::float8 * 1000 AS in
       FROM deliveries d WHERE state = 'waiting' AND channel = ANY($1) AND ${LANE_IS_FREE}`,
      [channels],
    );
    return next?.in ?? null;
  }

  /** Writes down an attempt and what follows. False when the delivery was lost to another engine meanwhile. */
  async settle({ id, holder, attempts, failedAttempts }: DeliveryRow, settlement: Settlement): Promise<boolean> {
    const { attempt, nextIn } = settlement;
    const state = attempt.error === null ? 'delivered' : nextIn === null ? 'failed' : 'waiting';
    const rows = await this.dataSource.query<unknown[]>(
      `WITH settled AS (
         UPDATE deliveries SET state = $3, attempts = $4::jsonb, failed_attempts = $5, last_status = $6, last_error = $7,
           next_attempt_at = CASE WHEN $3 = 'waiting' THEN now() + $8 * interval '1 second' END,
           settled_at = CASE WHEN $3 = 'waiting' THEN NULL ELSE now() END, holder = NULL, held_until = NULL
         WHERE id = $1 AND holder = $2 AND state = 'waiting' RETURNING 1)
       SELECT * FROM settled`,
      [
        id,
        holder,
        state,
        JSON.stringify([...attempts, attempt].slice(-ATTEMPTS_KEPT)),
        failedAttempts + (attempt.error === null ? 0 : 1),
        attempt.status,
        attempt.error,
        nextIn ?? 0,
      ],
    );
    return rows.length === 1;
  }

  /** Gives one back that was not tried: the engine stops. */
  async giveBack({ id, holder }: DeliveryRow): Promise<void> {
    await this.dataSource.query(
      'UPDATE deliveries SET holder = NULL, held_until = NULL WHERE id = $1 AND holder = $2',
      [id, holder],
    );
  }

  /** Keeps what is sent, so that each attempt sends the same. */
  async keepPayload({ id, holder }: DeliveryRow, payload: Readonly<Record<string, unknown>>): Promise<void> {
    await this.dataSource.query('UPDATE deliveries SET payload = $3::jsonb WHERE id = $1 AND holder = $2', [
      id,
      holder,
      JSON.stringify(payload),
    ]);
  }

  private async read(ids: readonly string[]): Promise<readonly TakenDelivery[]> {
    const { manager } = this.dataSource;
    const deliveries = await manager.find(DeliveryRow, { where: { id: In([...ids]) }, order: { id: 'ASC' } });
    const events = await manager.findBy(EventRow, { id: In(deliveries.map(({ eventId }) => eventId)) });
    return deliveries.flatMap((delivery) => {
      const event = events.find(({ id }) => id === delivery.eventId);
      return event === undefined ? [] : [{ delivery, event }];
    });
  }
}
