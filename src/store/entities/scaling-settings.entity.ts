import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScalingMode } from '../../domain/host-pool/host-pool.js';
import { Time } from './columns.js';

/** What counts for all pools; one row, made by the migration. */
@Entity('scaling_settings')
export class ScalingSettingsRow {
  @PrimaryColumn({ type: 'integer' }) id!: number;
  /** `advice` turns all automatic scaling, of pools and of workers, into advice. */
  @Column({ type: 'text', default: 'automatic' }) mode!: ScalingMode;
  /** By which groups are marked: two installations never share one. */
  @Column({ name: 'installation_id', type: 'text' }) installationId!: string;
  /** Who changed it last, as the audit names them. */
  @Column({ name: 'changed_by', type: 'text', nullable: true }) changedBy!: string | null;
  @Time('updated_at', { default: () => 'now()' }) updatedAt!: Date;
}
