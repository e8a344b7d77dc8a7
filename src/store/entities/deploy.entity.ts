import { Column, Entity, Index } from 'typeorm';
import type { DeployOutcome, DeployState } from '../../domain/deploy/deploy-lifecycle.js';
import type { InstanceFailure } from '../../domain/instance/instance.js';
import type { WorkerSpec } from '../../domain/worker/worker.js';
import { AppRow } from './app.entity.js';
import { BuildRow } from './build.entity.js';
import { ConfigVersionRow } from './config-version.entity.js';
import { EnvironmentRow } from './environment.entity.js';
import { Id, Ref, Time } from './columns.js';

/** One rollout of a build. At most one of an app in an environment is in progress: the index is the lock. */
@Entity('deploys')
@Index('deploys_one_in_progress', ['appId', 'environmentId'], {
  unique: true,
  where: "state IN ('created', 'building', 'deploying')",
})
@Index('deploys_by_app_environment', ['appId', 'environmentId', 'state'])
export class DeployRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  @Ref('build_id', () => BuildRow, { nullable: true }) buildId!: string | null;
  @Column({ type: 'text' }) rref!: string;
  @Column({ type: 'text', default: 'created' }) state!: DeployState;
  @Column({ type: 'text', nullable: true }) outcome!: DeployOutcome | null;
  @Column({ name: 'failure_reason', type: 'text', nullable: true }) failureReason!: string | null;
  /** The proof of a failure, as data. */
  @Column({ type: 'jsonb', nullable: true }) failure!: (InstanceFailure & { instance: string; host: string }) | null;
  @Column({ name: 'callback_url', type: 'text', nullable: true }) callbackUrl!: string | null;
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
