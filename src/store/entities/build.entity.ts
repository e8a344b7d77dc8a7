import { Column, Entity, Index } from 'typeorm';
import type { BuildOutcome, BuildPhase, BuildState } from '../../domain/build/build-lifecycle.js';
import type { BuildMethod } from '../../domain/build/build-settings.js';
import type { ProcessType } from '../../domain/build/process-type.js';
import type { Provenance } from '../../domain/build/provenance.js';
import { AppRow } from './app.entity.js';
import { Id, Ref, Time } from './columns.js';

/**
 * An image of one commit. At most one of (app, sha) is in progress, or completed with its image still there; others are
 * kept beside it.
 */
@Entity('builds')
@Index('builds_one_per_app_sha', ['appId', 'rref'], {
  unique: true,
  where: "state <> 'failed' AND image_removed_at IS NULL",
})
@Index('builds_by_state', ['state'])
@Index('builds_by_completion', ['completedAt'])
@Index('builds_by_start', ['startedAt'])
export class BuildRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  /** What was asked for: a branch, a tag, a commit id. */
  @Column({ type: 'text' }) ref!: string;
  /** The full commit id it was resolved to. */
  @Column({ type: 'text' }) rref!: string;
  @Column({ type: 'text', default: 'in_progress' }) state!: BuildState;
  /** Where it has come to, finer than its state. */
  @Column({ type: 'text', default: 'queued' }) phase!: BuildPhase;
  /** How it ended, finer than its state; null before. */
  @Column({ type: 'text', nullable: true }) outcome!: BuildOutcome | null;
  /** The branch that the ref was; null where it was none. A newer commit of it may supersede this one. */
  @Column({ type: 'text', nullable: true }) branch!: string | null;
  /** Who asked first, as the audit names them; null where nobody did. */
  @Column({ name: 'requested_by', type: 'text', nullable: true }) requestedBy!: string | null;
  /** How the image was made, and why so; null before that is decided. */
  @Column({ type: 'text', nullable: true }) method!: BuildMethod | null;
  @Column({ name: 'method_reason', type: 'text', nullable: true }) methodReason!: string | null;
  @Column({ name: 'process_types', type: 'jsonb', default: [] }) processTypes!: readonly ProcessType[];
  @Column({ type: 'jsonb', nullable: true }) provenance!: Provenance | null;
  @Column({ name: 'callback_url', type: 'text', nullable: true }) callbackUrl!: string | null;
  /** The span that asked for it, as W3C Trace Context writes it; null where none did. */
  @Column({ type: 'text', nullable: true }) traceparent!: string | null;
  @Column({ name: 'failure_reason', type: 'text', nullable: true }) failureReason!: string | null;
  /** `registry/app@sha256:…`, once it is in the registry. */
  @Column({ type: 'text', nullable: true }) image!: string | null;
  /** The host that builds or built it. */
  @Column({ name: 'container_host', type: 'text', nullable: true }) containerHost!: string | null;
  @Column({ name: 'container_id', type: 'text', nullable: true }) containerId!: string | null;
  /** How often an engine began it; a killed engine's build is begun again by the next. */
  @Column({ type: 'integer', default: 0 }) attempts!: number;
  /** How often the host was lost under it. */
  @Column({ name: 'host_losses', type: 'integer', default: 0 }) hostLosses!: number;
  @Time('cancel_requested_at', { nullable: true }) cancelRequestedAt!: Date | null;
  @Column({ name: 'cancel_reason', type: 'text', nullable: true }) cancelReason!: string | null;
  /** When the log, and the image in the registry, were removed by the clean-up; null while they are there. */
  @Time('log_removed_at', { nullable: true }) logRemovedAt!: Date | null;
  @Time('image_removed_at', { nullable: true }) imageRemovedAt!: Date | null;
  /** When it left the queue for the first time. */
  @Time('started_at', { nullable: true }) startedAt!: Date | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('completed_at', { nullable: true }) completedAt!: Date | null;
}
