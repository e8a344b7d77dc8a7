import { Column, Entity, Index } from 'typeorm';
import type { EventKind, EventSubject } from '../../domain/event/event-kind.js';
import { Id, Time } from './columns.js';

/** Something that happened, written in the transaction in which it did. */
@Entity('events')
@Index('events_by_subject', ['subject', 'subjectId'])
@Index('events_by_time', ['at'])
export class EventRow {
  @Id() id!: string;
  @Column({ type: 'text' }) kind!: EventKind;
  /** Null for what concerns every app. */
  @Column({ name: 'app_id', type: 'bigint', nullable: true }) appId!: string | null;
  @Column({ name: 'environment_id', type: 'bigint', nullable: true }) environmentId!: string | null;
  @Column({ type: 'text' }) subject!: EventSubject;
  @Column({ name: 'subject_id', type: 'bigint' }) subjectId!: string;
  /** Facts as on the wire; never a secret. */
  @Column({ type: 'jsonb' }) data!: Readonly<Record<string, unknown>>;
  @Time('at', { default: () => 'clock_timestamp()' }) at!: Date;
}
