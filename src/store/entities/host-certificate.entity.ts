import { Column, Entity, Index } from 'typeorm';
import { Id, Ref, Time } from './columns.js';
import { EnvironmentRow } from './environment.entity.js';
import { StackRow } from './stack.entity.js';

/** A certificate that was signed for a host; a machine has one key as long as it lives. */
@Entity('host_certificates')
@Index('host_certificates_by_machine', ['machine'])
export class HostCertificateRow {
  @Id() id!: string;
  @Ref('stack_id', () => StackRow) stackId!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  /** The group's machine: `i-0123456789abcdef0`; null in a static pool. */
  @Column({ type: 'text', nullable: true }) machine!: string | null;
  @Column({ type: 'text' }) address!: string;
  /** SHA-256 of the host's public key, in hexadecimal digits. */
  @Column({ name: 'public_key', type: 'text' }) publicKey!: string;
  /** In hexadecimal digits. */
  @Column({ type: 'text' }) serial!: string;
  @Time('created_at', { default: () => 'now()' }) createdAt!: Date;
  @Time('expires_at') expiresAt!: Date;
}
