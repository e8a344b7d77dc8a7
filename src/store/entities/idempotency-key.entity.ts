import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Effect } from '../present-claim.js';
import type { Sealed } from '../secret-box.js';
import { Time } from './columns.js';

/** The first answer to a POST with an `Idempotency-Key`, given again to every repetition. Kept for 24 hours. */
@Entity('idempotency_keys')
export class IdempotencyKeyRow {
  /** Digest of caller, method, path and key. */
  @PrimaryColumn({ type: 'text' }) key!: string;
  /** Digest of the body and the key: the same key with another body is refused. */
  @Column({ name: 'body_digest', type: 'text' }) bodyDigest!: string;
  /** Which run of the request has the claim: one that was overtaken can write nothing any more. */
  @Column({ type: 'text', default: '' }) run!: string;
  /** Until when that run counts as alive; it moves this on while it runs. */
  @Time('runs_until', { default: () => 'now()' }) runsUntil!: Date;
  /** What the request wrote, bound in the transaction that wrote it; null while it wrote nothing. */
  @Column({ type: 'jsonb', nullable: true }) effect!: Effect | null;
  /** Null while the first request is still running. */
  @Column({ type: 'integer', nullable: true }) status!: number | null;
  @Column({ type: 'jsonb', nullable: true }) answer!: unknown;
  /** The answer where it holds a secret. */
  @Column({ type: 'jsonb', nullable: true }) sealed!: Sealed | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
