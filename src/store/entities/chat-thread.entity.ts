import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Sealed } from '../secret-box.js';
import { DeployRow } from './deploy.entity.js';
import { Id, Ref, Time } from './columns.js';

/** Where the rest of a deploy that was asked for in a chat is told. */
@Entity('chat_threads')
export class ChatThreadRow {
  @Id() id!: string;
  @Index('chat_threads_by_deploy')
  @Ref('deploy_id', () => DeployRow)
  deployId!: string;
  /** The channel, as the chat calls it. */
  @Column({ type: 'text' }) channel!: string;
  /** The message that the thread hangs on; null where Jockey may not post by itself. */
  @Column({ type: 'text', nullable: true }) message!: string | null;
  /** Where the answer to the command goes; good for half an hour. */
  @Column({ name: 'response_url', type: 'jsonb', nullable: true }) responseUrl!: Sealed | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}

/** Signatures of requests of a chat that were taken, for as long as their time stamps are good: each is taken once. */
@Entity('chat_requests')
export class ChatRequestRow {
  /** SHA-256 of the signature. */
  @PrimaryColumn({ type: 'text' }) digest!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
