import { Column, Entity } from 'typeorm';
import { Id, Time } from './columns.js';

/** A kind of host. */
@Entity('stacks')
export class StackRow {
  @Id() id!: string;
  @Column({ type: 'text', unique: true }) name!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
