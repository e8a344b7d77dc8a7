import { Column, Entity, Index, VersionColumn } from 'typeorm';
import type { HostPoolKind, LaunchSettings, ScalingMode } from '../../domain/host-pool/host-pool.js';
import { Id, Ref, Time } from './columns.js';
import { EnvironmentRow } from './environment.entity.js';
import { StackRow } from './stack.entity.js';

/** The hosts of a stack in an environment, and how many there should be. Meanings and units: {@link ScalingPolicy}. */
@Entity('host_pools')
@Index('host_pools_one_per_place', ['stackId', 'environmentId'], { unique: true, where: 'deleted_at IS NULL' })
@Index('host_pools_one_per_group', ['region', 'groupName'], { unique: true, where: 'deleted_at IS NULL' })
export class HostPoolRow {
  @Id() id!: string;
  @Ref('stack_id', () => StackRow) stackId!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  @Column({ type: 'text' }) kind!: HostPoolKind;
  /** Name of the Auto Scaling Group; null for a static pool. */
  @Column({ name: 'group_name', type: 'text', nullable: true }) groupName!: string | null;
  @Column({ type: 'text', nullable: true }) region!: string | null;
  @Column({ type: 'jsonb', nullable: true }) launch!: LaunchSettings | null;
  /** What a host offers, as the operator or the kind of machine says; null: as its Docker says, once one is there. */
  @Column({ name: 'memory_mb', type: 'integer', nullable: true }) memoryMb!: number | null;
  @Column({ type: 'double precision', nullable: true }) cpus!: number | null;
  @Column({ name: 'min_hosts', type: 'integer', default: 0 }) minHosts!: number;
  @Column({ name: 'max_hosts', type: 'integer', default: 0 }) maxHosts!: number;
  /** How many hosts Jockey wants. */
  @Column({ name: 'desired_hosts', type: 'integer', default: 0 }) desiredHosts!: number;
  /** The count that the group was last told, or agreed to; null before the first time. */
  @Column({ name: 'told_hosts', type: 'integer', nullable: true }) toldHosts!: number | null;
  @Column({ type: 'text', default: 'automatic' }) mode!: ScalingMode;
  @Column({ name: 'head_room_percent', type: 'integer', default: 10 }) headRoomPercent!: number;
  @Column({ name: 'scale_in_after_seconds', type: 'integer', default: 600 }) scaleInAfterSeconds!: number;
  @Column({ name: 'cool_down_seconds', type: 'integer', default: 120 }) coolDownSeconds!: number;
  @Column({ name: 'scale_to_zero', type: 'boolean', default: false }) scaleToZero!: boolean;
  @Column({ name: 'join_deadline_seconds', type: 'integer', default: 600 }) joinDeadlineSeconds!: number;
  @Column({ name: 'drain_deadline_seconds', type: 'integer', default: 1800 }) drainDeadlineSeconds!: number;
  @Column({ name: 'wait_for_room_seconds', type: 'integer', default: 900 }) waitForRoomSeconds!: number;
  /** Since when fewer hosts would be enough; null while they would not. */
  @Time('surplus_since', { nullable: true }) surplusSince!: Date | null;
  /** When the desired count last changed. */
  @Time('scaled_at', { nullable: true }) scaledAt!: Date | null;
  /** What capacity planning said last, done or not. */
  @Column({ type: 'jsonb', nullable: true }) advice!: PoolAdvice | null;
  /** Why it cannot be scaled or looked at, a sentence; null while it can. */
  @Column({ type: 'text', nullable: true }) trouble!: string | null;
  @Time('trouble_since', { nullable: true }) troubleSince!: Date | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('updated_at', { default: () => 'now()' }) updatedAt!: Date;
  @Time('deleted_at', { nullable: true }) deletedAt!: Date | null;
  @VersionColumn({ default: 1 }) version!: number;
}

/** What capacity planning said. */
export interface PoolAdvice {
  /** How many hosts there should be. */
  readonly desired: number;
  /** A sentence. */
  readonly reason: string;
  /** Names of the hosts that would leave, the cheapest to empty first. */
  readonly leave: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}
