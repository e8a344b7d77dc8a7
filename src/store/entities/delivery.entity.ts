import { Column, Entity, Index } from 'typeorm';
import type { DeliveryAttempt, DeliveryChannel, DeliveryState } from '../../domain/delivery/delivery.js';
import { Id, Time } from './columns.js';

/** Something that is to go out, written with what it tells of. It holds no address and no secret: its carrier finds them. */
@Entity('deliveries')
@Index('deliveries_due', ['nextAttemptAt'], { where: "state = 'waiting'" })
@Index('deliveries_by_lane', ['lane'], { where: "state = 'waiting'" })
@Index('deliveries_once', ['eventId', 'channel', 'key'], { unique: true })
@Index('deliveries_by_time', ['createdAt'])
export class DeliveryRow {
  @Id() id!: string;
  @Column({ name: 'event_id', type: 'bigint' }) eventId!: string;
  @Column({ type: 'text' }) channel!: DeliveryChannel;
  /** Tells apart what one event sends by one channel: the id of the target, `status`, … */
  @Column({ type: 'text', default: '' }) key!: string;
  /** The notification target, for the channel `webhook`. */
  @Column({ name: 'target_id', type: 'bigint', nullable: true }) targetId!: string | null;
  /** Those of one lane go out one after the other, oldest first; null for those that need no order. */
  @Column({ type: 'text', nullable: true }) lane!: string | null;
  @Column({ name: 'app_id', type: 'bigint', nullable: true }) appId!: string | null;
  @Column({ name: 'environment_id', type: 'bigint', nullable: true }) environmentId!: string | null;
  /** What its carrier needs, and what is sent where that must be the same each time. */
  @Column({ type: 'jsonb', default: () => "'{}'" }) payload!: Readonly<Record<string, unknown>>;
  @Column({ type: 'text', default: 'waiting' }) state!: DeliveryState;
  /** The last ones, oldest first. */
  @Column({ type: 'jsonb', default: () => "'[]'" }) attempts!: readonly DeliveryAttempt[];
  /** How many failed since it was last asked for; back-off counts these. */
  @Column({ name: 'failed_attempts', type: 'integer', default: 0 }) failedAttempts!: number;
  /** Null once it is settled. */
  @Time('next_attempt_at', { nullable: true, default: () => 'now()' }) nextAttemptAt!: Date | null;
  /** The attempt that is under way: who makes it, until when nobody else may. */
  @Column({ type: 'text', nullable: true }) holder!: string | null;
  @Time('held_until', { nullable: true }) heldUntil!: Date | null;
  @Column({ name: 'last_status', type: 'integer', nullable: true }) lastStatus!: number | null;
  @Column({ name: 'last_error', type: 'text', nullable: true }) lastError!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('settled_at', { nullable: true }) settledAt!: Date | null;
}
