import { Column, Entity, Index } from 'typeorm';
import type {
  DeployKind,
  DeployOutcome,
  DeployState,
  ProbeResult,
  ReleaseCommandRun,
} from '../../domain/deploy/deploy-lifecycle.js';
import type { RoomWanted } from '../../domain/capacity/room-wanted.js';
import type { InstanceFailure } from '../../domain/instance/instance.js';
import type { WorkerSpec } from '../../domain/worker/worker.js';
import { AppRow } from './app.entity.js';
import { BuildRow } from './build.entity.js';
import { ConfigVersionRow } from './config-version.entity.js';
import { EnvironmentRow } from './environment.entity.js';
import { ReleaseRow } from './release.entity.js';
import { Id, Ref, Time } from './columns.js';

/** One rollout of a build. At most one of an app in an environment is in progress: the index is the lock. */
@Entity('deploys')
@Index('deploys_one_in_progress', ['appId', 'environmentId'], {
  unique: true,
  where: "state IN ('created', 'building', 'deploying') AND NOT queued",
})
@Index('deploys_by_app_environment', ['appId', 'environmentId', 'state'])
@Index('deploys_by_place_and_age', ['appId', 'environmentId', 'id'])
@Index('deploys_by_completion', ['completedAt'])
@Index('deploys_current', ['appId', 'environmentId'], { where: "state = 'deployed'" })
@Index('deploys_open', ['createdAt'], { where: "state IN ('created', 'building', 'deploying')" })
export class DeployRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  @Ref('build_id', () => BuildRow, { nullable: true }) buildId!: string | null;
  @Column({ type: 'text' }) rref!: string;
  @Column({ type: 'text', default: 'created' }) state!: DeployState;
  @Column({ type: 'text', default: 'deploy' }) kind!: DeployKind;
  /** The release that is rolled back to, or promoted. */
  @Ref('from_release_id', () => ReleaseRow, { nullable: true }) fromReleaseId!: string | null;
  /** Whether it waits for the one in progress to end. */
  @Column({ type: 'boolean', default: false }) queued!: boolean;
  /** Whether no person asked for it: a hold keeps it out. */
  @Column({ type: 'boolean', default: false }) automatic!: boolean;
  @Column({ type: 'text', nullable: true }) outcome!: DeployOutcome | null;
  @Column({ name: 'failure_reason', type: 'text', nullable: true }) failureReason!: string | null;
  /** The proof of a failure, as data. */
  @Column({ type: 'jsonb', nullable: true }) failure!: (InstanceFailure & { instance: string; host: string }) | null;
  @Time('cancel_requested_at', { nullable: true }) cancelRequestedAt!: Date | null;
  /** When its places were reserved, and its rollout began. */
  @Time('deploying_at', { nullable: true }) deployingAt!: Date | null;
  /** When it was known to have failed, or was canceled; from then on what was there is put back. */
  @Time('failing_at', { nullable: true }) failingAt!: Date | null;
  @Time('paused_at', { nullable: true }) pausedAt!: Date | null;
  @Column({ name: 'paused_because', type: 'text', nullable: true }) pausedBecause!: string | null;
  /** When somebody last said that a paused one may go on. */
  @Time('continued_at', { nullable: true }) continuedAt!: Date | null;
  /** Since when it waits for hosts that it needs; null while it does not. */
  @Time('room_wanted_since', { nullable: true }) roomWantedSince!: Date | null;
  /** What it waits for room for, by what each reserves. */
  @Column({ name: 'room_wanted', type: 'jsonb', nullable: true }) roomWanted!: readonly RoomWanted[] | null;
  @Column({ name: 'release_command', type: 'jsonb', nullable: true }) releaseCommand!: ReleaseCommandRun | null;
  @Column({ type: 'jsonb', nullable: true }) probe!: ProbeResult | null;
  @Column({ name: 'callback_url', type: 'text', nullable: true }) callbackUrl!: string | null;
  /** The span that asked for it, as W3C Trace Context writes it; null where none did. */
  @Column({ type: 'text', nullable: true }) traceparent!: string | null;
  /** The version of the Config Set that its containers get, frozen when it began to deploy. */
  @Ref('config_version_id', () => ConfigVersionRow, { nullable: true }) configVersionId!: string | null;
  /** Specs of the workers, frozen when it began to deploy. */
  @Column({ type: 'jsonb', nullable: true }) workers!: readonly WorkerSpec[] | null;
  @Column({ name: 'container_host', type: 'text', nullable: true }) containerHost!: string | null;
  @Column({ name: 'container_id', type: 'text', nullable: true }) containerId!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('updated_at', { default: () => 'now()' }) updatedAt!: Date;
  @Time('completed_at', { nullable: true }) completedAt!: Date | null;
}
