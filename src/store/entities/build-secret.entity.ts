import { Column, Entity, Index } from 'typeorm';
import type { SealedBuildSecret } from '../sealed-build-secret.js';
import { AppRow } from './app.entity.js';
import { Id, Ref, Time } from './columns.js';

/** A value that a secret of an app's builds has, or had: what was built with an old one may still say it. */
@Entity('build_secrets')
@Index('build_secrets_one_per_version', ['appId', 'name', 'version'], { unique: true })
@Index('build_secrets_one_per_name', ['appId', 'name'], { unique: true, where: 'retired_at IS NULL' })
export class BuildSecretRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  @Column({ type: 'text' }) name!: string;
  /** 1 and up, for each name. */
  @Column({ type: 'integer' }) version!: number;
  @Column({ type: 'jsonb' }) secret!: SealedBuildSecret;
  /** Name of the caller; null where Jockey wrote it itself. */
  @Column({ type: 'text', nullable: true }) author!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  /** When another value took its place, or it was removed; null while it is the present one. */
  @Time('retired_at', { nullable: true }) retiredAt!: Date | null;
}
