import { createHash, randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/errors.js';
import { type Effect, PresentClaim } from '../../store/present-claim.js';
import { ReplayedAnswer } from './replayed-answer.js';
import { AnswerStore, type StoredAnswer } from './answer-store.js';

/** A POST that carries an `Idempotency-Key`. */
export interface KeyedPost {
  readonly caller: string;
  readonly path: string;
  readonly key: string;
  readonly body: unknown;
}

interface Stored extends StoredAnswer {
  readonly body_digest: string;
}

/** A claim on a key: whoever has it runs the request. */
export interface Claim {
  /** Under this the request runs. */
  readonly present: PresentClaim;
  /** What an earlier run wrote that died before it answered; null where nothing was written yet. */
  readonly effect: Effect | null;
}

/** A run that was silent for so long is dead, in seconds: thrice the time between two signs of life. */
const SILENCE = 15;

/**
 * The first answers to POSTs, kept for 24 hours. The row is written before the request runs, so that its unique key
 * decides between processes too. What the request writes is bound to the row in the same transaction: a repetition
 * after a crash knows whether it was done. A run that is silent died with its process, and may be taken over.
 */
@Injectable()
export class IdempotencyKeys implements OnModuleDestroy {
  private readonly running = new Set<PresentClaim>();
  private pulse: NodeJS.Timeout | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly answers: AnswerStore,
  ) {}

  onModuleDestroy(): void {
    this.running.clear();
    this.rest();
  }

  /** Claims the key, or throws: the first answer, or why there is none to give. */
  async claim(post: KeyedPost): Promise<Claim> {
    const key = digestOf([post.caller, post.path, post.key]);
    const body = digestOf([post.key, post.body]);
    const run = randomUUID();
    const [claimed] = await this.dataSource.query<{ effect: Effect | null }[]>(CLAIM, [key, body, run]);
    if (claimed === undefined) throw await this.refusal(key, body);
    const present = new PresentClaim(key, run);
    this.watch(present);
    return { present, effect: claimed.effect };
  }

  /** Keeps the answer for repetitions; one with a secret is sealed. */
  async keep({ present }: Claim, answer: { status: number; body: unknown; secret: boolean }): Promise<void> {
    this.done(present);
    const { plain, sealed } = this.answers.toKeep(present.key, answer);
    await this.dataSource.query(
      'UPDATE idempotency_keys SET status = $3, answer = $4::jsonb, sealed = $5::jsonb WHERE key = $1 AND run = $2',
      [present.key, present.run, answer.status, plain, sealed],
    );
    await this.dataSource.query(`DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'`);
  }

  /** Gives the key back: the request failed for a reason that may pass. What it wrote before stays known. */
  async release({ present }: Claim): Promise<void> {
    this.done(present);
    await this.dataSource.query(
      `WITH gone AS (DELETE FROM idempotency_keys WHERE key = $1 AND run = $2 AND status IS NULL AND effect IS NULL RETURNING 1)
       UPDATE idempotency_keys SET runs_until = now() - interval '1 second'
       WHERE key = $1 AND run = $2 AND status IS NULL AND effect IS NOT NULL`,
      [present.key, present.run],
    );
  }

  private async refusal(key: string, body: string): Promise<Error> {
    const [stored] = await this.dataSource.query<Stored[]>(
      'SELECT body_digest, status, answer, sealed FROM idempotency_keys WHERE key = $1',
      [key],
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
    return new ReplayedAnswer(stored.status, this.answers.read(key, stored));
  }

  /** While anything runs, a sign of life goes out for it. */
  private watch(claim: PresentClaim): void {
    this.running.add(claim);
    this.pulse ??= setInterval(() => void this.live().catch(() => undefined), (SILENCE * 1000) / 3).unref();
  }

  private done(claim: PresentClaim): void {
    this.running.delete(claim);
    if (this.running.size === 0) this.rest();
  }

  private rest(): void {
    if (this.pulse !== null) clearInterval(this.pulse);
    this.pulse = null;
  }

  /** A sign that is lost costs nothing but the claim: the run's own transactions find out. */
  private async live(): Promise<void> {
    await this.dataSource.query(
      `UPDATE idempotency_keys SET runs_until = now() + interval '${SILENCE} seconds' WHERE run = ANY($1) AND key = ANY($2) AND status IS NULL`,
      [[...this.running].map(({ run }) => run), [...this.running].map(({ key }) => key)],
    );
  }
}

const EXPIRED = `(idempotency_keys.created_at < now() - interval '24 hours')`;

/** What an earlier run wrote is handed to the one that takes it over, but not to another body. */
const CLAIM = `INSERT INTO idempotency_keys (key, body_digest, run, runs_until)
  VALUES ($1, $2, $3, now() + interval '${SILENCE} seconds')
  ON CONFLICT (key) DO UPDATE SET body_digest = excluded.body_digest, run = excluded.run, runs_until = excluded.runs_until,
    status = NULL, answer = NULL, sealed = NULL,
    effect = CASE WHEN ${EXPIRED} THEN NULL ELSE idempotency_keys.effect END,
    created_at = CASE WHEN ${EXPIRED} THEN now() ELSE idempotency_keys.created_at END
  WHERE (idempotency_keys.status IS NOT NULL OR idempotency_keys.runs_until < now())
    AND (${EXPIRED} OR (idempotency_keys.status IS NULL AND idempotency_keys.body_digest = excluded.body_digest))
  RETURNING effect`;

/** The order of a body's fields means nothing. */
const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value, sortedKeys)).digest('hex');

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
