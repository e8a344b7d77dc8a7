import type { WantedRestart } from '../../domain/reconcile/wanted-restart.js';
import type { ReconcileStep } from '../../domain/reconcile/reconcile-step.js';
import { Column, Entity, Index } from 'typeorm';
import { AppRow } from './app.entity.js';
import { EnvironmentRow } from './environment.entity.js';
import { Id, Ref, Time } from './columns.js';

/** One pass that compares and mends, as asked for through the API. */
@Entity('reconciles')
@Index('reconciles_in_progress', ['environmentId'], { where: "state = 'in_progress'" })
@Index('reconciles_by_completion', ['completedAt'])
export class ReconcileRow {
  @Id() id!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  /** Null for all apps. */
  @Ref('app_id', () => AppRow, { nullable: true }) appId!: string | null;
  @Column({ type: 'text', default: 'in_progress' }) state!: 'in_progress' | 'completed' | 'failed';
  @Column({ type: 'jsonb', default: () => "'[]'" }) plan!: readonly ReconcileStep[];
  /** Of a reconcile of all apps: the ids of those that are not done yet. */
  @Column({ type: 'jsonb', default: () => "'[]'" }) pending!: readonly string[];
  /** Instances that are to be exchanged for new ones: all that were there when it was asked for, or the unhealthy. */
  @Column({ type: 'jsonb', nullable: true }) restart!: WantedRestart | null;
  @Column({ name: 'failure_reason', type: 'text', nullable: true }) failureReason!: string | null;
  @Column({ name: 'callback_url', type: 'text', nullable: true }) callbackUrl!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('completed_at', { nullable: true }) completedAt!: Date | null;
}
