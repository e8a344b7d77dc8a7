import { Column, Entity, Index } from 'typeorm';
import { Id, Time } from './columns.js';

/**
 * A sign-in of a browser. The browser alone holds the session's secret and, sealed, the person's token of GitHub; here
 * lies what makes a sign-out final.
 */
@Entity('sessions')
export class SessionRow {
  @Id() id!: string;
  /** SHA-256 of the secret in the cookie. */
  @Index('sessions_one_per_digest', { unique: true })
  @Column({ type: 'text' })
  digest!: string;
  @Column({ name: 'github_id', type: 'text' }) githubId!: string;
  @Column({ type: 'text' }) login!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Index('sessions_by_expiry')
  @Time('expires_at')
  expiresAt!: Date;
  /** When its person signed out. */
  @Time('ended_at', { nullable: true }) endedAt!: Date | null;
}
