import { Column, Entity, Index } from 'typeorm';
import type { BuildState } from '../../domain/build/build-lifecycle.js';
import { AppRow } from './app.entity.js';
import { Id, Ref, Time } from './columns.js';

/** An image of one commit. At most one of (app, sha) is in progress or completed; failed ones are kept beside it. */
@Entity('builds')
@Index('builds_one_per_app_sha', ['appId', 'rref'], { unique: true, where: "state <> 'failed'" })
@Index('builds_by_state', ['state'])
export class BuildRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  /** What was asked for: a branch, a tag, a commit id. */
  @Column({ type: 'text' }) ref!: string;
  /** The full commit id it was resolved to. */
  @Column({ type: 'text' }) rref!: string;
  @Column({ type: 'text', default: 'in_progress' }) state!: BuildState;
  @Column({ name: 'callback_url', type: 'text', nullable: true }) callbackUrl!: string | null;
  @Column({ name: 'failure_reason', type: 'text', nullable: true }) failureReason!: string | null;
  /** `registry/app@sha256:…`, once it is in the registry. */
  @Column({ type: 'text', nullable: true }) image!: string | null;
  /** The host that builds or built it. */
  @Column({ name: 'container_host', type: 'text', nullable: true }) containerHost!: string | null;
  @Column({ name: 'container_id', type: 'text', nullable: true }) containerId!: string | null;
  /** How often an engine began it; a killed engine's build is begun again by the next. */
  @Column({ type: 'integer', default: 0 }) attempts!: number;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('completed_at', { nullable: true }) completedAt!: Date | null;
}
