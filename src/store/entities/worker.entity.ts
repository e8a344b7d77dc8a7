import { Column, Entity, Index, VersionColumn } from 'typeorm';
import type { FailureAction, Strategy } from '../../domain/rollout/rollout-policy.js';
import type { StopSignal } from '../../domain/worker/worker.js';
import { AppRow } from './app.entity.js';
import { EnvironmentRow } from './environment.entity.js';
import { Id, Ref, Time } from './columns.js';

/** A process type of an app in an environment. Its meaning, defaults and limits: {@link WorkerSpec}. */
@Entity('workers')
@Index('workers_one_name_per_app_environment', ['appId', 'environmentId', 'name'], { unique: true })
export class WorkerRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) command!: string;
  @Column({ type: 'integer', default: 0 }) scale!: number;
  @Column({ type: 'integer', nullable: true }) port!: number | null;
  @Column({ name: 'memory_mb', type: 'integer', default: 256 }) memoryMb!: number;
  @Column({ type: 'double precision', default: 0.1 }) cpus!: number;
  @Column({ name: 'health_path', type: 'text', default: '/' }) healthPath!: string;
  @Column({ name: 'health_interval_seconds', type: 'integer', default: 2 }) healthIntervalSeconds!: number;
  @Column({ name: 'health_timeout_seconds', type: 'integer', default: 2 }) healthTimeoutSeconds!: number;
  @Column({ name: 'health_deadline_seconds', type: 'integer', default: 120 }) healthDeadlineSeconds!: number;
  @Column({ name: 'drain_seconds', type: 'integer', default: 5 }) drainSeconds!: number;
  @Column({ name: 'stop_grace_seconds', type: 'integer', default: 10 }) stopGraceSeconds!: number;
  @Column({ name: 'stop_signal', type: 'text', default: 'SIGTERM' }) stopSignal!: StopSignal;
  @Column({ type: 'text', default: 'rolling' }) strategy!: Strategy;
  @Column({ type: 'integer', nullable: true }) parallelism!: number | null;
  @Column({ name: 'batch_delay_seconds', type: 'integer', default: 0 }) batchDelaySeconds!: number;
  @Column({ name: 'monitor_seconds', type: 'integer', default: 0 }) monitorSeconds!: number;
  @Column({ name: 'progress_deadline_seconds', type: 'integer', default: 600 }) progressDeadlineSeconds!: number;
  @Column({ name: 'allowed_failures', type: 'integer', default: 0 }) allowedFailures!: number;
  @Column({ name: 'on_failure', type: 'text', default: 'revert' }) onFailure!: FailureAction;
  @Column({ name: 'canary_percent', type: 'integer', default: 10 }) canaryPercent!: number;
  @Column({ name: 'canary_pause_seconds', type: 'integer', nullable: true, default: 60 }) canaryPauseSeconds!:
    number | null;
  @Column({ name: 'probe_url', type: 'text', nullable: true }) probeUrl!: string | null;
  @Column({ name: 'probe_host', type: 'text', nullable: true }) probeHost!: string | null;
  @Column({ name: 'probe_allowed_failures', type: 'integer', nullable: true }) probeAllowedFailures!: number | null;
  /** Whether its instances may be moved to empty a host that fewer are needed of; a host that runs one that may not stays. */
  @Column({ name: 'may_move', type: 'boolean', default: true }) mayMove!: boolean;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('updated_at', { default: () => 'now()' }) updatedAt!: Date;
  @VersionColumn() version!: number;
}
