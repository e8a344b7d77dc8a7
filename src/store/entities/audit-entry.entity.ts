import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { Time } from './columns.js';

/**
 * One link of the audit's chain. A write leaves two: `begun` before anything is done, `ended` after; one that is refused
 * before it begins leaves `refused` alone. Triggers refuse every change of a row, and the hash of each holds the one before.
 */
@Entity('audit_entries')
@Index('audit_entries_of_write', ['writeId'])
@Index('audit_entries_by_request', ['requestId'])
export class AuditEntryRow {
  /** Without gaps: the next number is the last one and one. */
  @PrimaryColumn({ type: 'bigint' }) id!: string;
  /** The entry that began the write; of that one, its own id. */
  @Column({ name: 'write_id', type: 'bigint' }) writeId!: string;
  @Column({ type: 'text' }) phase!: 'begun' | 'ended' | 'refused';
  @Time('at') at!: Date;
  @Column({ name: 'request_id', type: 'text' }) requestId!: string;
  @Column({ name: 'actor_kind', type: 'text' }) actorKind!: string;
  @Column({ name: 'actor_name', type: 'text' }) actorName!: string;
  @Column({ name: 'actor_login', type: 'text', nullable: true }) actorLogin!: string | null;
  /** The operationId of the OpenAPI document. */
  @Column({ type: 'text' }) operation!: string;
  @Column({ type: 'text', nullable: true }) verb!: string | null;
  /** What it is about: `app`, `deploy`. */
  @Column({ type: 'text' }) subject!: string;
  /** Its id; while it is not known, what the path names it by. */
  @Column({ name: 'subject_id', type: 'text', nullable: true }) subjectId!: string | null;
  @Column({ name: 'app_id', type: 'bigint', nullable: true }) appId!: string | null;
  @Column({ type: 'text', nullable: true }) environment!: string | null;
  @Column({ type: 'text' }) method!: string;
  @Column({ type: 'text' }) path!: string;
  @Column({ type: 'text' }) ip!: string;
  @Column({ name: 'user_agent', type: 'text' }) userAgent!: string;
  @Column({ type: 'integer', nullable: true }) status!: number | null;
  /** Code of the refusal or failure. */
  @Column({ type: 'text', nullable: true }) error!: string | null;
  /** Whether an earlier answer was given again. */
  @Column({ type: 'boolean', default: false }) replayed!: boolean;
  /** JSON as text, so that every byte of it is under the hash; secrets are taken out before. */
  @Column({ type: 'text', nullable: true }) input!: string | null;
  @Column({ type: 'text', nullable: true }) before!: string | null;
  @Column({ type: 'text', nullable: true }) after!: string | null;
  @Column({ name: 'previous_hash', type: 'text' }) previousHash!: string;
  @Column({ type: 'text' }) hash!: string;
}
