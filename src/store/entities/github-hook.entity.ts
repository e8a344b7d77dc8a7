import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Sealed } from '../secret-box.js';
import { AppRow } from './app.entity.js';
import { Time } from './columns.js';

/** What GitHub's deliveries to an app are signed with, and where the hook stands. */
@Entity('github_hooks')
export class GithubHookRow {
  @PrimaryColumn({ name: 'app_id', type: 'bigint' })
  @ForeignKey(() => AppRow)
  appId!: string;
  /** Sealed for `webhook of app ID`. */
  @Column({ type: 'jsonb', nullable: true }) secret!: Sealed | null;
  /** The next secret, until GitHub has taken it: both are good until then. */
  @Column({ name: 'pending_secret', type: 'jsonb', nullable: true }) pendingSecret!: Sealed | null;
  /** GitHub's id of the hook; null where Jockey did not install it. */
  @Column({ name: 'hook_id', type: 'text', nullable: true }) hookId!: string | null;
  /** The repository that it was installed in. */
  @Column({ type: 'text', nullable: true }) repo!: string | null;
  @Time('installed_at', { nullable: true }) installedAt!: Date | null;
  /** Why the last attempt to install it failed. */
  @Column({ type: 'text', nullable: true }) failure!: string | null;
  /** How often in a row that failed. */
  @Column({ type: 'integer', default: 0 }) attempts!: number;
  /** When it is tried again by itself; null for never. */
  @Time('retry_at', { nullable: true }) retryAt!: Date | null;
  @Time('updated_at', { default: () => 'now()' }) updatedAt!: Date;
}
