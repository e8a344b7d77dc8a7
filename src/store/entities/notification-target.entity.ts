import { Column, Entity } from 'typeorm';
import type { Sealed } from '../secret-box.js';
import { AppRow } from './app.entity.js';
import { Id, Ref, Time } from './columns.js';

/** What a target understands. */
export const TARGET_KINDS = ['generic', 'slack'] as const;

/** One of {@link TARGET_KINDS}. */
export type TargetKind = (typeof TARGET_KINDS)[number];

/** Where events are told of. Address and secret are sealed: an incoming webhook of Slack is a secret as a whole. */
@Entity('notification_targets')
export class NotificationTargetRow {
  @Id() id!: string;
  /** Null for all apps. */
  @Ref('app_id', () => AppRow, { nullable: true }) appId!: string | null;
  @Column({ type: 'text' }) kind!: TargetKind;
  @Column({ type: 'jsonb' }) url!: Sealed;
  /** Shown in the place of the address. */
  @Column({ name: 'url_host', type: 'text' }) urlHost!: string;
  /** Signs what is sent; null where it is not signed. */
  @Column({ type: 'jsonb', nullable: true }) secret!: Sealed | null;
  /** Kinds, `deploy.*` or `*`. */
  @Column({ type: 'text', array: true }) events!: readonly string[];
  @Column({ type: 'boolean', default: true }) enabled!: boolean;
  @Column({ type: 'integer', default: 1 }) version!: number;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('updated_at', { default: () => 'now()' }) updatedAt!: Date;
}
