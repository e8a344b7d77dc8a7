import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { Id, Time } from './columns.js';

/** Who somebody in a chat is on GitHub. */
@Entity('chat_links')
@Index('chat_links_one_per_user', ['teamId', 'userId'], { unique: true })
export class ChatLinkRow {
  @Id() id!: string;
  /** The workspace, as the chat calls it. */
  @Column({ name: 'team_id', type: 'text' }) teamId!: string;
  /** The person there. */
  @Column({ name: 'user_id', type: 'text' }) userId!: string;
  @Column({ type: 'text' }) login!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}

/** A code that a person got from the API and says in the chat: it proves that both are the same. Good once. */
@Entity('chat_link_codes')
export class ChatLinkCodeRow {
  /** SHA-256 of the code. */
  @PrimaryColumn({ type: 'text' }) digest!: string;
  @Column({ type: 'text' }) login!: string;
  @Time('expires_at') expiresAt!: Date;
}
