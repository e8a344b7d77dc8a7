import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { LeavingCause } from '../../domain/host-pool/pool-host.js';
import type { PoolHostLoad, PoolHostRecord, PoolHostSight } from '../../domain/host-pool/pool-sight.js';
import { PoolHostRow } from '../entities/index.js';
import { recordOf, takeBack } from './pool-host-record.js';
import { RUNS_ON_HOSTS } from './runs.js';
import { tellingOfHosts } from './tell-of-hosts.js';

export { takeBack } from './pool-host-record.js';

/** Why a host is to leave. */
export interface Leaving {
  readonly cause: LeavingCause;
  /** A sentence. */
  readonly reason: string;
}

/** What of Jockey is on a host; meanings: {@link PoolHostLoad}. */
export type HostContent = Pick<PoolHostLoad, 'pinned' | 'wanted' | 'tasks'>;

/** A host where there is nothing. */
export const NO_CONTENT: HostContent = { pinned: 0, wanted: 0, tasks: 0 };

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

  /** What of Jockey is on each host, by its name; a host where there is nothing is not in it. */
  async contents(): Promise<ReadonlyMap<string, HostContent>> {
    const rows = await this.dataSource.query<(HostContent & { host: string })[]>(
      `WITH tasks AS (
         SELECT container_host AS host FROM builds WHERE state = 'in_progress' AND container_host IS NOT NULL
         UNION ALL SELECT release_command ->> 'host' FROM deploys WHERE state = 'deploying'
           AND release_command ->> 'state' = 'running'
         UNION ALL SELECT host FROM ${RUNS_ON_HOSTS}),
       living AS (
         SELECT i.host, (NOT w.may_move)::int AS pinned, (i.desired <> 'stopped')::int AS wanted, 0 AS tasks
         FROM instances i JOIN workers w ON w.id = i.worker_id WHERE i.state <> 'stopped'
         UNION ALL SELECT host, 0, 0, 1 FROM tasks)
       SELECT host, sum(pinned)::int AS pinned, sum(wanted)::int AS wanted, sum(tasks)::int AS tasks
       FROM living GROUP BY host`,
    );
    return new Map(rows.map(({ host, ...content }) => [host, content]));
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

  /** Why a host leaves; null for one that does not. */
  async causeOf(manager: EntityManager, id: string): Promise<LeavingCause | null> {
    return (await manager.findOneBy(PoolHostRow, { id }))?.leavingCause ?? null;
  }

  /** The pools that hosts are leaving. */
  async poolsWithLeaving(): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      'SELECT DISTINCT pool_id AS id FROM pool_hosts WHERE leaving_since IS NOT NULL AND gone_at IS NULL',
    );
    return rows.map(({ id }) => id);
  }

  /** The host of a machine that is not gone, in any pool; null where none is written down. */
  async ofMachine(instanceId: string): Promise<PoolHostRow | null> {
    return this.dataSource.manager.findOneBy(PoolHostRow, { instanceId, goneAt: IsNull() });
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
    await tellingOfHosts(manager, [host], () =>
      manager.query(
        `INSERT INTO hosts (name, cordoned, reason, drain_requested_at) VALUES ($1, true, $2, now())
         ON CONFLICT (name) DO UPDATE SET cordoned = true, version = hosts.version + 1,
           reason = CASE WHEN hosts.cordoned THEN hosts.reason ELSE excluded.reason END,
           drain_requested_at = COALESCE(hosts.drain_requested_at, excluded.drain_requested_at)
         WHERE NOT hosts.cordoned OR hosts.drain_requested_at IS NULL`,
        [host, reason],
      ),
    );
  }

  /** Writes down what is seen of a host, from the first sign of it. One that joins while it leaves is emptied at once. */
  async note(poolId: string, { machine, host }: Pick<PoolHostSight, 'machine' | 'host'>): Promise<void> {
    const facts = [
      machine?.lifecycleState ?? null,
      machine?.instanceType ?? null,
      machine?.zone ?? null,
      machine?.address ?? host?.address ?? null,
      machine?.protectedFromScaleIn ?? false,
    ];
    await this.dataSource.transaction(async (manager) => {
      await wordsInTurn(manager);
      const id = await livingId(manager, poolId, { machine: machine?.id ?? null, host: host?.name ?? null });
      await manager.query(
        `UPDATE pool_hosts SET lifecycle_state = $2, instance_type = $3, zone = $4, address = $5, protected = $6
         WHERE id = $1`,
        [id, ...facts],
      );
      if (host !== null) await this.join(manager, id, host.name);
    });
  }

  /**
   * Writes down that nothing is left of a host, and why, a sentence. Its node takes nothing more, though Consul may hold it
   * for well a little longer; a machine that joins by the same name begins anew.
   */
  async forget(id: string, because: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await wordsInTurn(manager);
      const [row] = await manager.query<{ host: string | null; reason: string }[]>(
        `WITH gone AS (UPDATE pool_hosts SET gone_at = now(), trouble = NULL,
             leaving_since = COALESCE(leaving_since, now()), leaving_reason = COALESCE(leaving_reason, $2),
             leaving_cause = COALESCE(leaving_cause, 'group')
           WHERE id = $1 AND gone_at IS NULL RETURNING host, leaving_reason AS reason)
         SELECT * FROM gone WHERE NOT EXISTS (
           SELECT 1 FROM pool_hosts p WHERE p.host = gone.host AND p.id <> $1 AND p.gone_at IS NULL)`,
        [id, because],
      );
      if (row?.host != null) await this.empty(manager, row.host, row.reason);
    });
  }

  /** Writes down that a sign of life was given for it. */
  async beat(id: string): Promise<void> {
    await this.dataSource.query('UPDATE pool_hosts SET heartbeat_at = now(), trouble = NULL WHERE id = $1', [id]);
  }

  /** Writes down that it was let go. */
  async letGo(id: string): Promise<void> {
    await this.dataSource.query('UPDATE pool_hosts SET released_at = now(), trouble = NULL WHERE id = $1', [id]);
  }

  /** Writes down what stands in its way, a sentence. */
  async keepTrouble(id: string, trouble: string): Promise<void> {
    await this.dataSource.query('UPDATE pool_hosts SET trouble = $2 WHERE id = $1', [id, trouble]);
  }

  /** A node of this name may have been another machine until now: what was said of that one does not count for this. */
  private async join(manager: EntityManager, id: string, host: string): Promise<void> {
    const [row] = await manager.query<{ reason: string | null }[]>(
      `WITH joined AS (UPDATE pool_hosts SET host = $2, joined_at = COALESCE(joined_at, now())
         WHERE id = $1 AND host IS DISTINCT FROM $2 RETURNING leaving_reason AS reason)
       SELECT reason FROM joined`,
      [id, host],
    );
    if (row === undefined) return;
    const others = await manager.query<{ reason: string; since: Date }[]>(
      `SELECT leaving_reason AS reason, leaving_since AS since FROM pool_hosts
       WHERE host = $2 AND id <> $1 AND leaving_since IS NOT NULL ORDER BY id DESC LIMIT 1`,
      [id, host],
    );
    for (const each of others) await takeBack(manager, { host, ...each });
    if (row.reason !== null) await this.empty(manager, host, row.reason);
  }
}

/** A machine that a group has again lives again. */
async function livingId(
  manager: EntityManager,
  poolId: string,
  { machine, host }: { readonly machine: string | null; readonly host: string | null },
): Promise<string> {
  const known = await manager.query<{ id: string }[]>(
    `SELECT id FROM pool_hosts WHERE pool_id = $1 AND (instance_id = $2
       OR ($2::text IS NULL AND instance_id IS NULL AND host = $3 AND gone_at IS NULL)) LIMIT 1`,
    [poolId, machine, host],
  );
  if (known[0] !== undefined) {
    await manager.query(
      `UPDATE pool_hosts SET gone_at = NULL, released_at = NULL, host = NULL, joined_at = NULL, leaving_since = NULL,
         leaving_cause = NULL, leaving_reason = NULL WHERE id = $1 AND gone_at IS NOT NULL`,
      [known[0].id],
    );
    return known[0].id;
  }
  const { id } = await manager.save(manager.create(PoolHostRow, { poolId, instanceId: machine }));
  return id;
}

/** All words on hosts come one after the other, those of operators too. */
export async function wordsInTurn(manager: EntityManager): Promise<void> {
  await manager.query(`SELECT pg_advisory_xact_lock(hashtext('jockey:words-on-hosts'))`);
}
