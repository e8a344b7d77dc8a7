import { Column, Entity, Index } from 'typeorm';
import type { CleanUpState } from '../../domain/retention/clean-up-lifecycle.js';
import type { Removal } from '../../domain/retention/removal.js';
import { Id, Time } from './columns.js';

/** One clean-up, and what it removed. At most one is in progress. */
@Entity('clean_ups')
@Index('clean_ups_by_state', ['state'])
export class CleanUpRow {
  @Id() id!: string;
  @Column({ type: 'text', default: 'requested' }) state!: CleanUpState;
  /** Who asked, as the audit names them; null where the time had come. */
  @Column({ name: 'requested_by', type: 'text', nullable: true }) requestedBy!: string | null;
  /** The first of what it removed, as a list must not grow without end. */
  @Column({ type: 'jsonb', default: [] }) removed!: readonly Removal[];
  @Column({ name: 'removed_count', type: 'integer', default: 0 }) removedCount!: number;
  /** Bytes that came free, as far as they are known; layers are shared, so it may be too many. */
  @Column({ type: 'double precision', default: 0 }) bytes!: number;
  /** Logs that were removed: of builds, deploys and reconciles together. */
  @Column({ name: 'logs_removed', type: 'integer', default: 0 }) logsRemoved!: number;
  /** What could not be looked at or removed, a sentence each. */
  @Column({ type: 'jsonb', default: [] }) troubles!: readonly string[];
  @Column({ name: 'failure_reason', type: 'text', nullable: true }) failureReason!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('started_at', { nullable: true }) startedAt!: Date | null;
  @Time('completed_at', { nullable: true }) completedAt!: Date | null;
}
