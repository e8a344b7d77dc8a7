import { Column, Entity, Index } from 'typeorm';
import type { CapacityCause } from '../../domain/capacity/capacity-cause.js';
import { Id, Ref, Time } from './columns.js';
import { HostPoolRow } from './host-pool.entity.js';

/** A change of the desired count of a pool, or what would have been one. Never changed, never removed. */
@Entity('capacity_changes')
@Index('capacity_changes_by_pool', ['poolId', 'id'])
export class CapacityChangeRow {
  @Id() id!: string;
  @Ref('pool_id', () => HostPoolRow) poolId!: string;
  @Column({ name: 'from_hosts', type: 'integer' }) fromHosts!: number;
  @Column({ name: 'to_hosts', type: 'integer' }) toHosts!: number;
  @Column({ type: 'text' }) cause!: CapacityCause;
  /** A sentence. */
  @Column({ type: 'text' }) reason!: string;
  /** False where it was only advice. */
  @Column({ type: 'boolean' }) applied!: boolean;
  /** Who asked, as the audit names them; null for Jockey itself. */
  @Column({ name: 'requested_by', type: 'text', nullable: true }) requestedBy!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
