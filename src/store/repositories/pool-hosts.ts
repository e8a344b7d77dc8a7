import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { LeavingCause } from '../../domain/host-pool/pool-host.js';
import type { PoolHostRecord } from '../../domain/host-pool/pool-sight.js';
import { PoolHostRow } from '../entities/index.js';

/** Why a host is to leave. */
export interface Leaving {
  readonly cause: LeavingCause;
  /** A sentence. */
  readonly reason: string;
}

/** What the hosts of pools are known to be, and which of them leave. Times are by the database's clock. */
@Injectable()
export class PoolHosts {
  constructor(private readonly dataSource: DataSource) {}

  /** The hosts of a pool that are not gone, oldest first. */
  async records(poolId: string, manager: EntityManager = this.dataSource.manager): Promise<PoolHostRecord[]> {
    const rows = await manager.find(PoolHostRow, { where: { poolId, goneAt: IsNull() }, order: { id: 'ASC' } });
    return rows.map(recordOf);
  }

  /** The database's clock, in milliseconds since 1970. */
  async now(): Promise<number> {
    const [row] = await this.dataSource.query<{ now: Date }[]>(`SELECT date_trunc('milliseconds', now()) AS now`);
    return (row?.now ?? new Date()).getTime();
  }

  /** How many living instances that may not move are on each host, by its name. */
  async pinned(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.dataSource.query<{ host: string; pinned: number }[]>(
      `SELECT i.host, count(*)::int AS pinned FROM instances i JOIN workers w ON w.id = i.worker_id
       WHERE i.state <> 'stopped' AND NOT w.may_move GROUP BY i.host`,
    );
    return new Map(rows.map(({ host, pinned }) => [host, pinned]));
  }

  /** Has a host leave: it takes nothing new, and what it has moves away. False where it leaves already, or is gone. */
  async leave(manager: EntityManager, id: string, { cause, reason }: Leaving): Promise<boolean> {
    await wordsInTurn(manager);
    const [row] = await manager.query<{ host: string | null }[]>(
      `WITH marked AS (
         UPDATE pool_hosts SET leaving_cause = $2, leaving_reason = $3, leaving_since = now()
         WHERE id = $1 AND leaving_since IS NULL AND gone_at IS NULL RETURNING host)
       SELECT host FROM marked`,
      [id, cause, reason],
    );
    if (row === undefined) return false;
    if (row.host !== null) await this.empty(manager, row.host, reason);
    return true;
  }

  /** Takes a leaving back. False where it does not leave, or where it is too late: let go, or ended by its group. */
  async stay(manager: EntityManager, id: string): Promise<boolean> {
    await wordsInTurn(manager);
    const [row] = await manager.query<{ host: string | null; reason: string; since: Date }[]>(
      `WITH before AS (SELECT id, host, leaving_reason AS reason, leaving_since AS since FROM pool_hosts
         WHERE id = $1 AND leaving_since IS NOT NULL AND released_at IS NULL AND gone_at IS NULL
           AND (lifecycle_state IS NULL OR lifecycle_state NOT LIKE 'Terminat%') FOR UPDATE),
       kept AS (UPDATE pool_hosts SET leaving_cause = NULL, leaving_reason = NULL, leaving_since = NULL, trouble = NULL
         FROM before WHERE pool_hosts.id = before.id)
       SELECT host, reason, since FROM before`,
      [id],
    );
    if (row === undefined) return false;
    if (row.host !== null) await takeBack(manager, { ...row, host: row.host });
    return true;
  }

  /** Keeps new instances away from a host and has it emptied; what an operator said of it before stays said. */
  async empty(manager: EntityManager, host: string, reason: string): Promise<void> {
    await manager.query(
      `INSERT INTO hosts (name, cordoned, reason, drain_requested_at) VALUES ($1, true, $2, now())
       ON CONFLICT (name) DO UPDATE SET cordoned = true, version = hosts.version + 1,
         reason = CASE WHEN hosts.cordoned THEN hosts.reason ELSE excluded.reason END,
         drain_requested_at = COALESCE(hosts.drain_requested_at, excluded.drain_requested_at)
       WHERE NOT hosts.cordoned OR hosts.drain_requested_at IS NULL`,
      [host, reason],
    );
  }
}

/** All words on hosts come one after the other, those of operators too. */
export async function wordsInTurn(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtext('jockey:words-on-hosts'))`);
}

/** A cordon of the leaving ends with it; that of an operator stays, and only the emptying that came later ends. */
export async function takeBack(
  manager: EntityManager,
  { host, reason, since }: { readonly host: string; readonly reason: string; readonly since: Date },
): Promise<void> {
  await manager.query(
    `UPDATE hosts SET drain_requested_at = CASE WHEN reason IS NOT DISTINCT FROM $2 OR drain_requested_at >= $3
         THEN NULL ELSE drain_requested_at END,
       cordoned = cordoned AND reason IS DISTINCT FROM $2, reason = NULLIF(reason, $2), version = version + 1
     WHERE name = $1`,
    [host, reason, since],
  );
}

/** A host of a pool, of its row. */
export function recordOf(row: PoolHostRow): PoolHostRecord {
  return {
    id: row.id,
    instanceId: row.instanceId,
    host: row.host,
    lifecycleState: row.lifecycleState,
    instanceType: row.instanceType,
    zone: row.zone,
    address: row.address,
    protected: row.protected,
    launchedAt: row.launchedAt.getTime(),
    joinedAt: row.joinedAt?.getTime() ?? null,
    leavingCause: row.leavingCause,
    leavingReason: row.leavingReason,
    leavingSince: row.leavingSince?.getTime() ?? null,
    heartbeatAt: row.heartbeatAt?.getTime() ?? null,
    releasedAt: row.releasedAt?.getTime() ?? null,
    trouble: row.trouble,
  };
}
