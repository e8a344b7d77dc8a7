import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/errors.js';
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

  /** Notes that a group starts its hosts with this token. */
  async launchesWith(text: string): Promise<void> {
    await this.dataSource.manager.update(HostJoinTokenRow, { digest: digestOfToken(text) }, { launches: true });
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

  /** The newest certificate for a key; null for one that nobody was given. */
  async ofKey(publicKey: string): Promise<HostCertificateRow | null> {
    return this.dataSource.manager.findOne(HostCertificateRow, { where: { publicKey }, order: { id: 'DESC' } });
  }

  /** Keeps what was signed, and counts the use of the token; null for a renewal. A second key of a machine: `conflict`. */
  async record(certificate: NewHostCertificate, tokenId: string | null): Promise<HostCertificateRow> {
    return this.dataSource.transaction(async (manager) => {
      await refuseAnotherKey(manager, certificate);
      if (tokenId !== null)
        await manager.query(`UPDATE host_join_tokens SET uses = uses + 1, last_used_at = now() WHERE id = $1`, [
          tokenId,
        ]);
      return manager.save(HostCertificateRow, certificate as HostCertificateRow);
    });
  }

  /** Where hosts of a group are launched with a token of which less than this share of its time is left. */
  async agedLaunches(share: number): Promise<readonly string[]> {
    const rows: { id: string }[] = await this.dataSource.query(
      `SELECT pool.id FROM host_pools pool
       WHERE pool.deleted_at IS NULL AND pool.kind = 'auto_scaling_group' AND pool.launch IS NOT NULL
         AND EXISTS (SELECT FROM host_join_tokens token
           WHERE token.stack_id = pool.stack_id AND token.environment_id = pool.environment_id AND token.launches)
         AND NOT EXISTS (SELECT FROM host_join_tokens token
           WHERE token.stack_id = pool.stack_id AND token.environment_id = pool.environment_id AND token.launches
             AND token.expires_at - now() > $1 * (token.expires_at - token.created_at))
       ORDER BY pool.id`,
      [share],
    );
    return rows.map(({ id }) => id);
  }
}

/** What runs on a machine may read its user data too: it gets no certificate once the machine itself has one. */
async function refuseAnotherKey(manager: EntityManager, { machine, publicKey }: NewHostCertificate): Promise<void> {
  if (machine === null) return;
  await manager.query(`SELECT pg_advisory_xact_lock(hashtext('jockey:machine:' || $1))`, [machine]);
  const others: unknown[] = await manager.query(
    `SELECT id FROM host_certificates WHERE machine = $1 AND public_key <> $2 AND expires_at > now() LIMIT 1`,
    [machine, publicKey],
  );
  if (others.length === 0) return;
  throw new DomainError(
    'conflict',
    `The machine ${machine} has a certificate for another key, and a machine has one key: end the machine, and the group starts a new one.`,
  );
}
