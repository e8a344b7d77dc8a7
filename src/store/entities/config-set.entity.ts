import { Column, Entity, Index } from 'typeorm';
import { AppRow } from './app.entity.js';
import { EnvironmentRow } from './environment.entity.js';
import { Id, Ref, Time } from './columns.js';

/** The variables of an app in an environment: a line of versions, of which the newest counts. */
@Entity('config_sets')
@Index('config_sets_one_per_app_environment', ['appId', 'environmentId'], { unique: true })
export class ConfigSetRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  /** Number of the newest version; raised by compare-and-set, so that no change is lost. */
  @Column({ type: 'integer', default: 1 }) version!: number;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('updated_at', { default: () => 'now()' }) updatedAt!: Date;
}
