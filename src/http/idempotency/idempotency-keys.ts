import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/errors.js';
import { ReplayedAnswer } from './replayed-answer.js';

/** A POST that carries an `Idempotency-Key`. */
export interface KeyedPost {
  readonly caller: string;
  readonly path: string;
  readonly key: string;
  readonly body: unknown;
}

interface Stored {
  readonly body_digest: string;
  readonly status: number | null;
  readonly answer: unknown;
}

/** A claim on a key: whoever has it runs the request. */
export interface Claim {
  readonly digest: string;
}

/**
 * The first answers to POSTs, kept for 24 hours. The row is written before the request runs, so that its unique key
 * decides between processes too. One that is still without answer after five minutes died with its process: it may
 * be claimed again, because no request runs that long.
 */
@Injectable()
export class IdempotencyKeys {
  constructor(private readonly dataSource: DataSource) {}

  /** Claims the key, or throws: the first answer, or why there is none to give. */
  async claim(post: KeyedPost): Promise<Claim> {
    const digest = digestOf([post.caller, post.path, post.key]);
    const body = digestOf(post.body);
    const claimed = await this.dataSource.query<unknown[]>(
      `INSERT INTO idempotency_keys (key, body_digest) VALUES ($1, $2)
       ON CONFLICT (key) DO UPDATE SET body_digest = excluded.body_digest, status = NULL, answer = NULL, created_at = now()
       WHERE idempotency_keys.created_at < now() - interval '24 hours'
          OR (idempotency_keys.status IS NULL AND idempotency_keys.created_at < now() - interval '5 minutes')
       RETURNING key`,
      [digest, body],
    );
    if (claimed.length === 1) return { digest };
    throw await this.refusal(digest, body);
  }

  /** Keeps the answer for repetitions. */
  async keep({ digest }: Claim, status: number, answer: unknown): Promise<void> {
    await this.dataSource.query('UPDATE idempotency_keys SET status = $2, answer = $3::jsonb WHERE key = $1', [
      digest,
      status,
      JSON.stringify(answer ?? null),
    ]);
    await this.dataSource.query(`DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'`);
  }

  /** Gives the key back: the request failed for a reason that may pass. */
  async release({ digest }: Claim): Promise<void> {
    await this.dataSource.query('DELETE FROM idempotency_keys WHERE key = $1 AND status IS NULL', [digest]);
  }

  private async refusal(digest: string, body: string): Promise<Error> {
    const [stored] = await this.dataSource.query<Stored[]>(
      'SELECT body_digest, status, answer FROM idempotency_keys WHERE key = $1',
      [digest],
    );
    if (stored !== undefined && stored.body_digest !== body)
      return new DomainError(
        'unprocessable_entity',
        'This Idempotency-Key was used with another body; send a new key with a new request.',
      );
    if (stored === undefined || stored.status === null)
      return new DomainError(
        'conflict',
        'The first request with this Idempotency-Key is still running; repeat it in a moment.',
      );
    return new ReplayedAnswer(stored.status, stored.answer);
  }
}

/** The order of a body's fields means nothing. */
const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value, sortedKeys)).digest('hex');

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
