import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LeaseRow } from './entities/index.js';

/** A lease that is held; `token` is its fencing number. */
export interface Lease {
  readonly key: string;
  readonly holder: string;
  readonly token: string;
}

/** What is to be held, by whom and why. */
export interface LeaseRequest {
  readonly key: string;
  readonly holder: string;
  readonly reason: string;
  readonly milliseconds: number;
}

/** Who works on what. The clock is the database's, so that engines with different clocks agree. */
@Injectable()
export class Leases {
  constructor(private readonly dataSource: DataSource) {}

  /** Takes the lease when it is free or has run out; null while another holds it. Part of a transaction where one is given. */
  async take(request: LeaseRequest, manager: EntityManager = this.dataSource.manager): Promise<Lease | null> {
    const rows = await manager.query<{ token: string }[]>(
      `INSERT INTO leases (key, holder, reason, token, acquired_at, expires_at)
       VALUES ($1, $2, $3, 1, now(), now() + $4 * interval '1 millisecond')
       ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, reason = excluded.reason, token = leases.token + 1,
         acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
       WHERE leases.expires_at <= now()
       RETURNING token`,
      [request.key, request.holder, request.reason, request.milliseconds],
    );
    const token = rows[0]?.token;
    return token === undefined ? null : { key: request.key, holder: request.holder, token };
  }

  /** Prolongs a lease; false when it was lost, and then nothing more may be written under it. */
  async renew(lease: Lease, milliseconds: number): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH renewed AS (
         UPDATE leases SET expires_at = now() + $4 * interval '1 millisecond'
         WHERE key = $1 AND holder = $2 AND token = $3 RETURNING 1)
       SELECT * FROM renewed`,
      [lease.key, lease.holder, lease.token, milliseconds],
    );
    return rows.length === 1;
  }

  /** Gives the lease back. The row stays, run out, so that the next token is higher. */
  async release(lease: Lease): Promise<void> {
    await this.dataSource.query(`UPDATE leases SET expires_at = now() WHERE key = $1 AND holder = $2 AND token = $3`, [
      lease.key,
      lease.holder,
      lease.token,
    ]);
  }

  /** Who holds it now, since when and why; null when nobody. */
  async holder(key: string): Promise<LeaseRow | null> {
    return this.dataSource
      .getRepository(LeaseRow)
      .createQueryBuilder('lease')
      .where('lease.key = :key AND lease.expires_at > now()', { key })
      .getOne();
  }
}
