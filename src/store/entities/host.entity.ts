import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Time } from './columns.js';

/** What Jockey itself knows of a host, beside what Consul says: the operator's word, and what its Docker offers. */
@Entity('hosts')
export class HostRow {
  /** The node's name in Consul. */
  @PrimaryColumn({ type: 'text' }) name!: string;
  /** A cordoned host gets no new instances. */
  @Column({ type: 'boolean', default: false }) cordoned!: boolean;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ name: 'memory_mb', type: 'integer', nullable: true }) memoryMb!: number | null;
  @Column({ type: 'double precision', nullable: true }) cpus!: number | null;
  @Time('observed_at', { nullable: true }) observedAt!: Date | null;
}
