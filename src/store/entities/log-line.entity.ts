import { Column, Entity, Index } from 'typeorm';
import type { LogLevel, LogStream, LogSubject } from '../../domain/log/log-line.js';
import { Id, Time } from './columns.js';

/** One line of the log of a build, a deploy or a reconcile; its id is its position. */
@Entity('log_lines')
@Index('log_lines_in_order', ['subject', 'subjectId', 'id'])
export class LogLineRow {
  @Id() id!: string;
  @Column({ type: 'text' }) subject!: LogSubject;
  @Column({ name: 'subject_id', type: 'bigint' }) subjectId!: string;
  @Time('timestamp', { default: () => 'now()' }) timestamp!: Date;
  @Column({ type: 'text' }) logger!: string;
  @Column({ type: 'text', default: 'info' }) level!: LogLevel;
  @Column({ type: 'text' }) text!: string;
  /** Where it was written, of lines that a program or a builder printed: `stdout`, `stderr`, `status`. */
  @Column({ type: 'text', nullable: true }) stream!: LogStream | null;
  /** The step of a build that it belongs to. */
  @Column({ type: 'text', nullable: true }) step!: string | null;
}
