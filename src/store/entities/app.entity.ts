import { Column, Entity, Index, VersionColumn } from 'typeorm';
import type { BuildMethodChoice, BuildQueueMode } from '../../domain/build/build-settings.js';
import type { QueueMode } from '../../domain/deploy/deploy-lifecycle.js';
import { StackRow } from './stack.entity.js';
import { Id, Ref, Time } from './columns.js';

/** A repository that is deployed. A deleted one is kept, without its name's claim, so that its history can be read. */
@Entity('apps')
@Index('apps_name_living', ['name'], { unique: true, where: 'deleted_at IS NULL' })
export class AppRow {
  @Id() id!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) repo!: string;
  /** Any Git URL that takes the place of the repository on GitHub. */
  @Column({ name: 'git_url', type: 'text', nullable: true }) gitUrl!: string | null;
  @Column({ name: 'subscribe_to_github_webhook', type: 'boolean', default: false }) subscribeToGithubWebhook!: boolean;
  /** Whether GitHub is told of builds and deploys. */
  @Column({ name: 'report_to_github', type: 'boolean', default: false }) reportToGithub!: boolean;
  /** Run once in the new image before anything is moved; empty for none. */
  @Column({ name: 'release_command', type: 'text', default: '' }) releaseCommand!: string;
  @Column({ name: 'release_timeout_seconds', type: 'integer', default: 600 }) releaseTimeoutSeconds!: number;
  @Column({ name: 'deploy_queue', type: 'text', default: 'latest_wins' }) deployQueue!: QueueMode;
  /** How its images are made. */
  @Column({ name: 'build_method', type: 'text', default: 'auto' }) buildMethod!: BuildMethodChoice;
  /** Path of its Dockerfile, from the top of the repository. */
  @Column({ type: 'text', default: 'Dockerfile' }) dockerfile!: string;
  /** Folder of the repository that is built; `.` for all of it. */
  @Column({ name: 'build_context', type: 'text', default: '.' }) buildContext!: string;
  /** The stage of the Dockerfile that is built; null for the last. */
  @Column({ name: 'build_target', type: 'text', nullable: true }) buildTarget!: string | null;
  @Column({ name: 'build_args', type: 'jsonb', default: {} }) buildArgs!: Readonly<Record<string, string>>;
  /** The builder image that takes the place of the operator's; null for his. */
  @Column({ name: 'builder_image', type: 'text', nullable: true }) builderImage!: string | null;
  @Column({ name: 'build_queue', type: 'text', default: 'all' }) buildQueue!: BuildQueueMode;
  /** How long one build may take; null for as long as the operator allows. */
  @Column({ name: 'build_timeout_minutes', type: 'integer', nullable: true }) buildTimeoutMinutes!: number | null;
  @Ref('stack_id', () => StackRow) stackId!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('updated_at', { default: () => 'now()' }) updatedAt!: Date;
  @Time('deleted_at', { nullable: true }) deletedAt!: Date | null;
  @VersionColumn() version!: number;
}
