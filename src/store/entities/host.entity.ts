import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { Time } from './columns.js';

/** What Jockey itself knows of a host, beside what Consul says: the operator's word, and what its Docker offers. */
@Entity('hosts')
export class HostRow {
  /** The node's name in Consul. */
  @PrimaryColumn({ type: 'text' }) name!: string;
  /** A cordoned host gets no new instances. */
  @Column({ type: 'boolean', default: false }) cordoned!: boolean;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  /** Since when it is emptied; null while it is not. */
  @Time('drain_requested_at', { nullable: true }) drainRequestedAt!: Date | null;
  /** Since when Consul holds it for lost; null while it is well. */
  @Time('lost_since', { nullable: true }) lostSince!: Date | null;
  @Column({ name: 'memory_mb', type: 'integer', nullable: true }) memoryMb!: number | null;
  @Column({ type: 'double precision', nullable: true }) cpus!: number | null;
  @Time('observed_at', { nullable: true }) observedAt!: Date | null;
  @VersionColumn({ default: 1 }) version!: number;
}
