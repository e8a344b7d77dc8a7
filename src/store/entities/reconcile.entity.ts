import { Column, Entity, Index } from 'typeorm';
import { AppRow } from './app.entity.js';
import { EnvironmentRow } from './environment.entity.js';
import { Id, Ref, Time } from './columns.js';

/** One step of a reconcile's plan, as on the wire. */
export interface ReconcileStep {
  readonly action: 'start' | 'stop' | 'restart';
  readonly app: string;
  readonly worker: string;
  readonly slot: number;
  readonly host: string | null;
  readonly instance: string | null;
  readonly because: string;
}

/** One pass that compares and mends, as asked for through the API. */
@Entity('reconciles')
@Index('reconciles_in_progress', ['environmentId'], { where: "state = 'in_progress'" })
export class ReconcileRow {
  @Id() id!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  /** Null for all apps. */
  @Ref('app_id', () => AppRow, { nullable: true }) appId!: string | null;
  @Column({ type: 'text', default: 'in_progress' }) state!: 'in_progress' | 'completed' | 'failed';
  @Column({ type: 'jsonb', default: () => "'[]'" }) plan!: readonly ReconcileStep[];
  @Column({ name: 'failure_reason', type: 'text', nullable: true }) failureReason!: string | null;
  @Column({ name: 'callback_url', type: 'text', nullable: true }) callbackUrl!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('completed_at', { nullable: true }) completedAt!: Date | null;
}
