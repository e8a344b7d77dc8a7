import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Time } from './columns.js';

/** The first answer to a POST with an `Idempotency-Key`, given again to every repetition. Kept for 24 hours. */
@Entity('idempotency_keys')
export class IdempotencyKeyRow {
  /** Digest of caller, method, path and key. */
  @PrimaryColumn({ type: 'text' }) key!: string;
  /** Digest of the body: the same key with another body is refused. */
  @Column({ name: 'body_digest', type: 'text' }) bodyDigest!: string;
  /** Null while the first request is still running. */
  @Column({ type: 'integer', nullable: true }) status!: number | null;
  @Column({ type: 'jsonb', nullable: true }) answer!: unknown;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
