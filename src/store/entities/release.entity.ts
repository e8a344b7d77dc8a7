import { Column, Entity, Index } from 'typeorm';
import type { DeployKind } from '../../domain/deploy/deploy-lifecycle.js';
import type { WorkerSpec } from '../../domain/worker/worker.js';
import { AppRow } from './app.entity.js';
import { BuildRow } from './build.entity.js';
import { ConfigVersionRow } from './config-version.entity.js';
import { EnvironmentRow } from './environment.entity.js';
import { Id, Ref, Time } from './columns.js';

/** What a deploy made current, never changed once written: by it the same can be brought back. */
@Entity('releases')
@Index('releases_one_per_number', ['appId', 'environmentId', 'number'], { unique: true })
@Index('releases_one_per_deploy', ['deployId'], { unique: true })
export class ReleaseRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  /** 1 and up, for each app in each environment: `v1`. */
  @Column({ type: 'integer' }) number!: number;
  /** The deploy that made it current. */
  @Column({ name: 'deploy_id', type: 'bigint' }) deployId!: string;
  @Ref('build_id', () => BuildRow) buildId!: string;
  /** By digest. */
  @Column({ type: 'text' }) image!: string;
  @Column({ type: 'text' }) sha!: string;
  @Ref('config_version_id', () => ConfigVersionRow, { nullable: true }) configVersionId!: string | null;
  /** The workers as they were rolled out, without their scale. */
  @Column({ type: 'jsonb' }) workers!: readonly WorkerSpec[];
  @Column({ type: 'text', default: 'deploy' }) kind!: DeployKind;
  /** The release that it brought back, or that was promoted. */
  @Column({ name: 'from_release_id', type: 'bigint', nullable: true }) fromReleaseId!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
