import { Column, Entity, Index } from 'typeorm';
import { AppRow } from './app.entity.js';
import { Id, Ref, Time } from './columns.js';
import { EnvironmentRow } from './environment.entity.js';

/** A push to a branch of this pattern deploys to this environment. */
@Entity('push_rules')
@Index('push_rules_once', ['appId', 'branch', 'environmentId'], { unique: true })
export class PushRuleRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  /** `main`, `release/*`. */
  @Column({ type: 'text' }) branch!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
