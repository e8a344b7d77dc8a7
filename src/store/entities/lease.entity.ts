import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Time } from './columns.js';

/** Who works on something, since when, why and until when. */
@Entity('leases')
export class LeaseRow {
  /** What is held: `app_environment:7:2`, `build:12`. */
  @PrimaryColumn({ type: 'text' }) key!: string;
  /** The engine that holds it. */
  @Column({ type: 'text' }) holder!: string;
  @Column({ type: 'text' }) reason!: string;
  /** Grows with every change of holder: an older holder's writes are refused by it. */
  @Column({ type: 'bigint' }) token!: string;
  @Time('acquired_at') acquiredAt!: Date;
  @Time('expires_at') expiresAt!: Date;
}
