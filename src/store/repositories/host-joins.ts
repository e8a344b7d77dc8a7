import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HostCertificateRow, HostJoinTokenRow } from '../entities/index.js';
import { digestOfToken } from '../token-text.js';

/** Whose hosts are meant. */
export interface JoinPlace {
  readonly stackId: string;
  readonly environmentId: string;
}

/** What is written of a new token for hosts. */
export interface NewJoinToken extends JoinPlace {
  readonly launches: boolean;
  readonly createdBy: string;
  readonly hours: number;
}

/** What is written of a certificate. */
export type NewHostCertificate = Omit<HostCertificateRow, 'id' | 'createdAt'>;

/** What hosts ask for certificates with, and what they were given. Times are by the database's clock. */
@Injectable()
export class HostJoins {
  constructor(private readonly dataSource: DataSource) {}

  /** Keeps a token by its digest; the text is forgotten. */
  async keep(text: string, { hours, ...token }: NewJoinToken): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO host_join_tokens (stack_id, environment_id, digest, launches, created_by, expires_at)
       VALUES ($1, $2, $3, $4, $5, now() + make_interval(hours => $6))`,
      [token.stackId, token.environmentId, digestOfToken(text), token.launches, token.createdBy, hours],
    );
  }

  /** The token with this text; null where none is, or where its time is over. */
  async valid(text: string): Promise<HostJoinTokenRow | null> {
    return this.dataSource
      .getRepository(HostJoinTokenRow)
      .createQueryBuilder('token')
      .where({ digest: digestOfToken(text) })
      .andWhere('token.expires_at > now()')
      .getOne();
  }

  /** The certificate that a machine has now; null for none. */
  async ofMachine(machine: string): Promise<HostCertificateRow | null> {
    return this.dataSource
      .getRepository(HostCertificateRow)
      .createQueryBuilder('certificate')
      .where({ machine })
      .andWhere('certificate.expires_at > now()')
      .orderBy('certificate.id', 'DESC')
      .getOne();
  }

  /** The newest certificate for a key; null for one that nobody was given. */
  async ofKey(publicKey: string): Promise<HostCertificateRow | null> {
    return this.dataSource.manager.findOne(HostCertificateRow, { where: { publicKey }, order: { id: 'DESC' } });
  }

  /** Keeps what was signed, and counts the use of the token; null for a renewal. */
  async record(certificate: NewHostCertificate, tokenId: string | null): Promise<HostCertificateRow> {
    return this.dataSource.transaction(async (manager) => {
      if (tokenId !== null)
        await manager.query(`UPDATE host_join_tokens SET uses = uses + 1, last_used_at = now() WHERE id = $1`, [
          tokenId,
        ]);
      return manager.save(HostCertificateRow, certificate as HostCertificateRow);
    });
  }

  /** Where hosts of a group are launched with a token of which less than this share of its time is left, or with none. */
  async agedLaunches(share: number): Promise<readonly string[]> {
    const rows: { id: string }[] = await this.dataSource.query(
      `SELECT pool.id FROM host_pools pool
       WHERE pool.deleted_at IS NULL AND pool.kind = 'auto_scaling_group' AND pool.launch IS NOT NULL
         AND NOT EXISTS (SELECT FROM host_join_tokens token
           WHERE token.stack_id = pool.stack_id AND token.environment_id = pool.environment_id AND token.launches
             AND token.expires_at - now() > $1 * (token.expires_at - token.created_at))
       ORDER BY pool.id`,
      [share],
    );
    return rows.map(({ id }) => id);
  }
}
