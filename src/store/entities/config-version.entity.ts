import { Column, Entity, Index } from 'typeorm';
import { ConfigSetRow } from './config-set.entity.js';
import { Id, Ref, Time } from './columns.js';

/** The variables of a Config Set from one change to the next; never changed once written. */
@Entity('config_versions')
@Index('config_versions_one_per_number', ['configSetId', 'version'], { unique: true })
export class ConfigVersionRow {
  @Id() id!: string;
  @Ref('config_set_id', () => ConfigSetRow) configSetId!: string;
  /** 1 and up. */
  @Column({ type: 'integer' }) version!: number;
  @Column({ type: 'jsonb' }) config!: Record<string, string>;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
