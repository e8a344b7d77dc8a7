import { Column, Entity, Index } from 'typeorm';
import type { LeavingCause } from '../../domain/host-pool/pool-host.js';
import { Id, Ref, Time } from './columns.js';
import { HostPoolRow } from './host-pool.entity.js';

/**
 * A host of a pool, from the first sign of it to its end. Its state ({@link PoolHostState}) is not stored: it follows
 * from these facts, and one of them can be taken back (a scale-in).
 */
@Entity('pool_hosts')
@Index('pool_hosts_one_per_instance', ['poolId', 'instanceId'], { unique: true, where: 'instance_id IS NOT NULL' })
@Index('pool_hosts_living', ['poolId'], { where: 'gone_at IS NULL' })
export class PoolHostRow {
  @Id() id!: string;
  @Ref('pool_id', () => HostPoolRow) poolId!: string;
  /** The group's machine: `i-0123456789abcdef0`; null in a static pool. */
  @Column({ name: 'instance_id', type: 'text', nullable: true }) instanceId!: string | null;
  /** The node's name in Consul; null until it joined. */
  @Column({ type: 'text', nullable: true }) host!: string | null;
  /** What the group said of it last; null in a static pool. */
  @Column({ name: 'lifecycle_state', type: 'text', nullable: true }) lifecycleState!: string | null;
  @Column({ name: 'instance_type', type: 'text', nullable: true }) instanceType!: string | null;
  @Column({ type: 'text', nullable: true }) zone!: string | null;
  @Column({ type: 'text', nullable: true }) address!: string | null;
  /** Whether the group may not choose it for a scale-in. */
  @Column({ type: 'boolean', default: false }) protected!: boolean;
  @Time('launched_at', { default: () => 'now()' }) launchedAt!: Date;
  /** When Consul first knew it. */
  @Time('joined_at', { nullable: true }) joinedAt!: Date | null;
  @Column({ name: 'leaving_cause', type: 'text', nullable: true }) leavingCause!: LeavingCause | null;
  /** Why it leaves, a sentence. */
  @Column({ name: 'leaving_reason', type: 'text', nullable: true }) leavingReason!: string | null;
  @Time('leaving_since', { nullable: true }) leavingSince!: Date | null;
  /** When the group was last told that its emptying goes on. */
  @Time('heartbeat_at', { nullable: true }) heartbeatAt!: Date | null;
  /** When it was let go, emptied or out of time. */
  @Time('released_at', { nullable: true }) releasedAt!: Date | null;
  @Time('gone_at', { nullable: true }) goneAt!: Date | null;
  /** What stands in its way, a sentence; null for nothing. */
  @Column({ type: 'text', nullable: true }) trouble!: string | null;
}
