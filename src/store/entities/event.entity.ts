import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { EventKind, EventSubject } from '../../domain/event/event-kind.js';
import { Id, Time } from './columns.js';

/** Something that happened, written in the transaction in which it did. */
@Entity('events')
@Index('events_by_subject', ['subject', 'subjectId'])
@Index('events_by_time', ['at'])
@Index('events_by_position', ['position'], { unique: true })
export class EventRow {
  @Id() id!: string;
  /**
   * Its place in the one order of all events, and its id on the wire. A trigger gives it when the transaction commits, so
   * that they grow in the order of the commits; null until then.
   */
  @Column({ type: 'bigint', nullable: true }) position!: string | null;
  @Column({ type: 'text' }) kind!: EventKind;
  /** Null for what concerns every app. */
  @Column({ name: 'app_id', type: 'bigint', nullable: true }) appId!: string | null;
  @Column({ name: 'environment_id', type: 'bigint', nullable: true }) environmentId!: string | null;
  @Column({ type: 'text' }) subject!: EventSubject;
  /** An id, or the name of a host. */
  @Column({ name: 'subject_id', type: 'text' }) subjectId!: string;
  /** Facts as on the wire; never a secret. */
  @Column({ type: 'jsonb' }) data!: Readonly<Record<string, unknown>>;
  @Time('at', { default: () => 'clock_timestamp()' }) at!: Date;
}

/** Up to where events were removed: one row, or none while all are kept. */
@Entity('event_prunings')
export class EventPruningRow {
  /** 1. */
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'PK_event_prunings' }) id!: number;
  /** The highest position that was removed. */
  @Column({ name: 'up_to', type: 'bigint' }) upTo!: string;
}
