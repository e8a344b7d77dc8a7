import { Column, Entity, Index } from 'typeorm';
import type { Grant } from '../../domain/access/grant.js';
import type { Verb } from '../../domain/access/verb.js';
import { Id, Time } from './columns.js';

/** A token for scripts and bots. Its text is kept nowhere: only its digest, by which it is found. */
@Entity('api_tokens')
@Index('api_tokens_by_digest', ['digest'], { unique: true })
export class ApiTokenRow {
  @Id() id!: string;
  @Column({ type: 'text' }) name!: string;
  /** SHA-256 of the text, in hexadecimal digits. */
  @Column({ type: 'text' }) digest!: string;
  /** The end of the text. */
  @Column({ type: 'text' }) hint!: string;
  @Column({ type: 'jsonb' }) verbs!: readonly Verb[];
  /** Ids, or `*`. */
  @Column({ type: 'jsonb' }) apps!: Grant['apps'];
  /** Names, or `*`. */
  @Column({ type: 'jsonb' }) environments!: Grant['environments'];
  /** Name of the caller that made it. */
  @Column({ name: 'created_by', type: 'text' }) createdBy!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  /** Null for one that never expires. */
  @Time('expires_at', { nullable: true }) expiresAt!: Date | null;
  /** To the minute. */
  @Time('last_used_at', { nullable: true }) lastUsedAt!: Date | null;
  @Time('revoked_at', { nullable: true }) revokedAt!: Date | null;
  @Column({ name: 'revoked_by', type: 'text', nullable: true }) revokedBy!: string | null;
}
