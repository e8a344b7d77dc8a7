import { Column, Entity } from 'typeorm';
import { Id, Time } from './columns.js';

/** Production, staging, … */
@Entity('environments')
export class EnvironmentRow {
  @Id() id!: string;
  @Column({ type: 'text', unique: true }) name!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
