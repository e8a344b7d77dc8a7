import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { HostPoolRow } from './host-pool.entity.js';

/** How full a pool was at a time. */
@Entity('pool_samples')
export class PoolSampleRow {
  @PrimaryColumn({ name: 'pool_id', type: 'bigint', primaryKeyConstraintName: 'PK_pool_samples' })
  @ForeignKey(() => HostPoolRow)
  poolId!: string;
  /** The minute. */
  @PrimaryColumn({ type: 'timestamptz', precision: 3, primaryKeyConstraintName: 'PK_pool_samples' }) at!: Date;
  @Column({ name: 'desired_hosts', type: 'integer' }) desiredHosts!: number;
  /** Hosts that take instances. */
  @Column({ type: 'integer' }) hosts!: number;
  @Column({ name: 'memory_mb', type: 'integer' }) memoryMb!: number;
  @Column({ type: 'double precision' }) cpus!: number;
  @Column({ name: 'reserved_memory_mb', type: 'integer' }) reservedMemoryMb!: number;
  @Column({ name: 'reserved_cpus', type: 'double precision' }) reservedCpus!: number;
  @Column({ type: 'integer' }) instances!: number;
  /** Instances that wait for room. */
  @Column({ type: 'integer' }) waiting!: number;
}
