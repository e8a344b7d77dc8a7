import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Time } from './columns.js';

/** Keeps automatic deploys of an app in an environment out until it is released. */
@Entity('holds')
export class HoldRow {
  @PrimaryColumn({ name: 'app_id', type: 'bigint' }) appId!: string;
  @PrimaryColumn({ name: 'environment_id', type: 'bigint' }) environmentId!: string;
  @Column({ type: 'text' }) reason!: string;
  /** The release that is held, where a rollback set it. */
  @Column({ name: 'release_number', type: 'integer', nullable: true }) releaseNumber!: number | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
