import { Column, Entity, Index } from 'typeorm';
import { Id, Time } from './columns.js';

/**
 * A sign-in of a browser. The browser alone holds the session's secret and, sealed, the token that its person came with;
 * here lies what makes a sign-out final.
 */
@Entity('sessions')
export class SessionRow {
  @Id() id!: string;
  /** SHA-256 of the secret in the cookie. */
  @Index('sessions_one_per_digest', { unique: true })
  @Column({ type: 'text' })
  digest!: string;
  /** The person's account at GitHub; null of who came with a token of another kind. */
  @Column({ name: 'github_id', type: 'text', nullable: true }) githubId!: string | null;
  /** The person's name at GitHub, or as the audit names the owner of the token. */
  @Column({ type: 'text' }) login!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Index('sessions_by_expiry')
  @Time('expires_at')
  expiresAt!: Date;
  /** When its person signed out. */
  @Time('ended_at', { nullable: true }) endedAt!: Date | null;
}
