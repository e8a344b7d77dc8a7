import { Column, Entity, Index } from 'typeorm';
import { Id, Time } from './columns.js';

/** Somebody who came in by GitHub. It says who was here, and gives no right: those come from GitHub each time. */
@Entity('people')
export class PersonRow {
  @Id() id!: string;
  /** GitHub's number of the account, which stays when the login changes. */
  @Index('people_one_per_account', { unique: true })
  @Column({ name: 'github_id', type: 'text' })
  githubId!: string;
  @Column({ type: 'text' }) login!: string;
  @Column({ type: 'text', nullable: true }) name!: string | null;
  @Time('first_seen_at', { default: () => 'now()' }) firstSeenAt!: Date;
  /** To the minute: it is not written more often. */
  @Time('last_seen_at', { default: () => 'now()' }) lastSeenAt!: Date;
}
