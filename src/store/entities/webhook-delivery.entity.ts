import { Column, Entity, Index } from 'typeorm';
import type { WebhookAnswer } from '../../domain/push/webhook-answer.js';
import { AppRow } from './app.entity.js';
import { Id, Ref, Time } from './columns.js';

/**
 * One delivery by GitHub, signed as it should be. The row is written in the transaction of its effect, so that its
 * GUID has an effect once; it outlives the payload, so that this stays true.
 */
@Entity('webhook_deliveries')
@Index('webhook_deliveries_guid', ['appId', 'guid'], { unique: true, where: 'replay_of IS NULL' })
@Index('webhook_deliveries_by_digest', ['appId', 'digest'])
@Index('webhook_deliveries_with_body', ['createdAt'], { where: 'body IS NOT NULL' })
export class WebhookDeliveryRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  /** `X-GitHub-Delivery`. */
  @Column({ type: 'text' }) guid!: string;
  /** `X-GitHub-Event`. */
  @Column({ type: 'text' }) event!: string;
  /** SHA-256 of the bytes: GitHub's signature does not cover the GUID. */
  @Column({ type: 'text' }) digest!: string;
  /** Of a push: what was pushed to. */
  @Column({ type: 'text', nullable: true }) ref!: string | null;
  /** Of a push: when, in seconds since 1970, as GitHub says. */
  @Column({ name: 'pushed_at', type: 'bigint', nullable: true }) pushedAt!: string | null;
  @Column({ type: 'jsonb' }) headers!: Readonly<Record<string, string>>;
  /** The bytes as they came; null once they are pruned. */
  @Column({ type: 'bytea', nullable: true, select: false }) body!: Buffer | null;
  @Column({ type: 'integer' }) bytes!: number;
  @Column({ type: 'boolean' }) accepted!: boolean;
  @Column({ type: 'jsonb' }) answer!: WebhookAnswer;
  /** The delivery whose payload was run anew; null for one that GitHub sent. */
  @Column({ name: 'replay_of', type: 'bigint', nullable: true }) replayOf!: string | null;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
}
