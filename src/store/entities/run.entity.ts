import { Column, Entity, Index } from 'typeorm';
import type { RunKind, RunOutcome, RunState, RunStopReason } from '../../domain/run/run-lifecycle.js';
import { AppRow } from './app.entity.js';
import { Id, Ref, Time } from './columns.js';
import { DeployRow } from './deploy.entity.js';
import { EnvironmentRow } from './environment.entity.js';
import { InstanceRow } from './instance.entity.js';
import { ReleaseRow } from './release.entity.js';

/** A command that is run once: in a container of its own, or in that of an instance. */
@Entity('runs')
@Index('runs_open', ['appId'], { where: "state IN ('waiting', 'starting', 'running')" })
@Index('runs_by_completion', ['completedAt'])
@Index('runs_by_place', ['appId', 'environmentId', 'id'])
export class RunRow {
  @Id() id!: string;
  @Column({ type: 'text' }) kind!: RunKind;
  @Ref('app_id', () => AppRow) appId!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  /** The deploy whose image and variables it gets. */
  @Ref('deploy_id', () => DeployRow) deployId!: string;
  /** The release that it is of; null of a run in an instance of a deploy that made none yet. */
  @Ref('release_id', () => ReleaseRow, { nullable: true }) releaseId!: string | null;
  /** The instance that it is run in; null of one with a container of its own. */
  @Ref('instance_id', () => InstanceRow, { nullable: true }) instanceId!: string | null;
  /** The worker whose resources it gets; null for none in particular. */
  @Column({ type: 'text', nullable: true }) worker!: string | null;
  @Column({ type: 'jsonb' }) command!: readonly string[];
  /** Whether it gets a terminal, and what is typed. */
  @Column({ type: 'boolean', default: false }) interactive!: boolean;
  /** Whether it gets what is sent to it, without a terminal. */
  @Column({ type: 'boolean', default: false }) input!: boolean;
  /** Whether nobody means to be connected to it. */
  @Column({ type: 'boolean', default: false }) detached!: boolean;
  @Column({ type: 'integer', nullable: true }) columns!: number | null;
  @Column({ type: 'integer', nullable: true }) rows!: number | null;
  /** What it reserves on its host, and may use; null in an instance, whose own it uses. */
  @Column({ name: 'memory_mb', type: 'integer', nullable: true }) memoryMb!: number | null;
  @Column({ type: 'double precision', nullable: true }) cpus!: number | null;
  @Column({ name: 'time_limit_seconds', type: 'integer' }) timeLimitSeconds!: number;
  @Column({ type: 'text', default: 'waiting' }) state!: RunState;
  @Column({ type: 'text', nullable: true }) outcome!: RunOutcome | null;
  @Column({ name: 'exit_code', type: 'integer', nullable: true }) exitCode!: number | null;
  @Column({ type: 'text', nullable: true }) signal!: string | null;
  @Column({ name: 'failure_reason', type: 'text', nullable: true }) failureReason!: string | null;
  /** What it waits for, while it waits. */
  @Column({ name: 'waiting_for', type: 'text', nullable: true }) waitingFor!: string | null;
  @Column({ type: 'text', nullable: true }) host!: string | null;
  @Column({ name: 'container_name', type: 'text', nullable: true }) containerName!: string | null;
  /** What Docker calls it, of a run in an instance. */
  @Column({ name: 'exec_id', type: 'text', nullable: true }) execId!: string | null;
  @Column({ name: 'requested_by', type: 'text', nullable: true }) requestedBy!: string | null;
  @Time('cancel_requested_at', { nullable: true }) cancelRequestedAt!: Date | null;
  /** Why it is being ended, once that was decided. */
  @Column({ name: 'stop_reason', type: 'text', nullable: true }) stopReason!: RunStopReason | null;
  @Time('stop_at', { nullable: true }) stopAt!: Date | null;
  /** When somebody was last seen at its console. */
  @Time('console_seen_at', { nullable: true }) consoleSeenAt!: Date | null;
  /** Up to when its output is in its log, in nanoseconds since 1970 on its host's clock. */
  @Column({ name: 'output_at', type: 'bigint', nullable: true }) outputAt!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('started_at', { nullable: true }) startedAt!: Date | null;
  @Time('completed_at', { nullable: true }) completedAt!: Date | null;
  /** When its own container was removed; null while it may be there. */
  @Time('removed_at', { nullable: true }) removedAt!: Date | null;
}
