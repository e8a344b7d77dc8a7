import { Column, Entity, Index } from 'typeorm';
import { Id, Ref, Time } from './columns.js';
import { EnvironmentRow } from './environment.entity.js';
import { StackRow } from './stack.entity.js';

/** What new hosts of a pool ask for their first certificate with. Only its digest is kept, by which it is found. */
@Entity('host_join_tokens')
@Index('host_join_tokens_by_digest', ['digest'], { unique: true })
export class HostJoinTokenRow {
  @Id() id!: string;
  @Ref('stack_id', () => StackRow) stackId!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  /** SHA-256 of the text, in hexadecimal digits. */
  @Column({ type: 'text' }) digest!: string;
  /** Whether it stands in what the group starts its hosts from: then it is renewed before it expires. */
  @Column({ type: 'boolean', default: false }) launches!: boolean;
  /** Name of the caller that asked for it. */
  @Column({ name: 'created_by', type: 'text' }) createdBy!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('expires_at') expiresAt!: Date;
  /** How many certificates were given for it. */
  @Column({ type: 'integer', default: 0 }) uses!: number;
  @Time('last_used_at', { nullable: true }) lastUsedAt!: Date | null;
}
