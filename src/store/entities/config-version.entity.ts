import { Column, Entity, Index } from 'typeorm';
import type { SealedSecrets } from '../sealed-secrets.js';
import { ConfigSetRow } from './config-set.entity.js';
import { Id, Ref, Time } from './columns.js';

/** The variables of a Config Set from one change to the next; never changed once written, but sealed anew by rotation. */
@Entity('config_versions')
@Index('config_versions_one_per_number', ['configSetId', 'version'], { unique: true })
export class ConfigVersionRow {
  @Id() id!: string;
  @Ref('config_set_id', () => ConfigSetRow) configSetId!: string;
  /** 1 and up. */
  @Column({ type: 'integer' }) version!: number;
  /** Those that are no secrets. */
  @Column({ type: 'jsonb' }) config!: Record<string, string>;
  /** Those that are, by name. */
  @Column({ type: 'jsonb', default: {} }) secrets!: SealedSecrets;
  /** Name of the caller; null where Jockey wrote it itself, or before authors were kept. */
  @Column({ type: 'text', nullable: true }) author!: string | null;
  /** Why, in the author's words. */
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
