import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, Not } from 'typeorm';
import { type DeployState, IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import { hostKindOf } from '../../domain/host/host-changes.js';
import { type HostStand, type HostWord, isSameStand, standAfter } from '../../domain/host/host-word.js';
import { DeployRow, HostRow, InstanceRow } from '../entities/index.js';
import { tellOfHost } from './tell-of-hosts.js';

/** An operator's word on a host. */
export interface SaidOfHost {
  readonly name: string;
  readonly word: HostWord;
  /** Throws when the host, as it is stored, is not the one that the caller has read. */
  readonly require: (version: number) => void;
  /** Throws when the word may not stand, with what stood before, what would, and what stands of all other hosts. */
  readonly judge: (before: HostStand, after: HostStand, rows: ReadonlyMap<string, HostRow>) => void;
}

/** A stack in an environment, by name. */
export interface PoolName {
  readonly stack: string;
  readonly environment: string;
}

/** What Jockey itself keeps of hosts, beside what Consul says. */
@Injectable()
export class Hosts {
  constructor(private readonly dataSource: DataSource) {}

  /** The rows of those hosts of which something was said or seen, by name. */
  async rows(names: readonly string[]): Promise<ReadonlyMap<string, HostRow>> {
    const rows = await this.dataSource.manager.findBy(HostRow, { name: In([...names]) });
    return byName(rows);
  }

  /** Keeps an operator's word. All words come one after the other, so that two last hosts do not go at once. */
  async say({ name, word, require, judge }: SaidOfHost): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('jockey:words-on-hosts'))`);
      await manager.query('INSERT INTO hosts (name) VALUES ($1) ON CONFLICT (name) DO NOTHING', [name]);
      const row = await manager.findOneOrFail(HostRow, { where: { name }, lock: { mode: 'pessimistic_write' } });
      require(row.version);
      const after = standAfter(row, word, await clockOf(manager));
      judge(row, after, byName(await manager.find(HostRow)));
      if (isSameStand(row, after)) return;
      const { cordoned, reason, drainRequestedAt } = after;
      await manager.query(
        `UPDATE hosts SET cordoned = $2, reason = $3, drain_requested_at = $4, version = version + 1 WHERE name = $1`,
        [name, cordoned, reason, drainRequestedAt],
      );
      const kind = hostKindOf(row, after);
      if (kind !== null) await tellOfHost(manager, kind, { name, reason });
    });
  }

  /** The instances of all apps that hold room on a host, oldest first. */
  async instancesOn(name: string): Promise<readonly InstanceRow[]> {
    return this.dataSource.manager.find(InstanceRow, {
      where: { host: name, state: Not('stopped') },
      order: { id: 'ASC' },
    });
  }

  /** Those elsewhere that take the places of instances on a host, by worker and slot: the newest of each. */
  async successorsOf(rows: readonly InstanceRow[], name: string): Promise<ReadonlyMap<string, InstanceRow>> {
    if (rows.length === 0) return new Map();
    const workerId = In([...new Set(rows.map((row) => row.workerId))]);
    const elsewhere = await this.dataSource.manager.find(InstanceRow, {
      where: { workerId, host: Not(name), desired: 'running', state: In(['planned', 'started', 'healthy']) },
      order: { id: 'ASC' },
    });
    return new Map(elsewhere.map((row) => [placeOf(row), row]));
  }

  /** The deploys in progress of what instances are of; those that wait for their turn apart. */
  async deploysAround(rows: readonly InstanceRow[]): Promise<readonly DeployRow[]> {
    if (rows.length === 0) return [];
    const appId = In([...new Set(rows.map((row) => row.appId))]);
    const state = In<DeployState>([...IN_PROGRESS_DEPLOY_STATES]);
    return this.dataSource.manager.find(DeployRow, { where: { appId, state, queued: false }, order: { id: 'ASC' } });
  }

  /** How many instances have ended on a host since a moment. */
  async endedSince(name: string, since: Date): Promise<number> {
    const [row] = await this.dataSource.query<{ ended: number }[]>(
      `SELECT count(*)::int AS ended FROM instances WHERE host = $1 AND state = 'stopped' AND ended_at >= $2`,
      [name, since],
    );
    return row?.ended ?? 0;
  }

  /** How many instances have a container on each host, by its name. */
  async running(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.dataSource.query<{ host: string; running: number }[]>(
      `SELECT host, count(*)::int AS running FROM instances
       WHERE state IN ('started', 'healthy', 'draining') GROUP BY host`,
    );
    return new Map(rows.map(({ host, running }) => [host, running]));
  }

  /** The apps, by environment, that a word on a host concerns: what lives on it, and what has or may have to be in its pools. */
  async concerned(
    name: string,
    pools: readonly PoolName[],
  ): Promise<readonly { readonly appId: string; readonly environmentId: string }[]> {
    return this.dataSource.query(
      `WITH pooled AS (
         SELECT a.id AS app_id, e.id AS environment_id FROM apps a JOIN stacks s ON s.id = a.stack_id
         JOIN unnest($2::text[], $3::text[]) AS pool (stack, environment) ON pool.stack = s.name
         JOIN environments e ON e.name = pool.environment WHERE a.deleted_at IS NULL)
       SELECT app_id AS "appId", environment_id AS "environmentId" FROM instances WHERE state <> 'stopped' AND host = $1
       UNION SELECT app_id, environment_id FROM pooled JOIN instances USING (app_id, environment_id)
         WHERE state <> 'stopped'
       UNION SELECT app_id, environment_id FROM pooled JOIN deploys USING (app_id, environment_id)
         WHERE state = 'deployed' OR state = ANY($4) ORDER BY 1, 2`,
      [name, pools.map(({ stack }) => stack), pools.map(({ environment }) => environment), IN_PROGRESS_DEPLOY_STATES],
    );
  }
}

/** The place of an instance: its worker and slot. */
export function placeOf({ workerId, slot }: Pick<InstanceRow, 'workerId' | 'slot'>): string {
  return `${workerId}/${slot}`;
}

function byName(rows: readonly HostRow[]): ReadonlyMap<string, HostRow> {
  return new Map(rows.map((row) => [row.name, row]));
}

/** The database's own clock, by which the ends of instances are written too. */
async function clockOf(manager: EntityManager): Promise<Date> {
  const [row] = await manager.query<{ now: Date }[]>(`SELECT date_trunc('milliseconds', now()) AS now`);
  return row?.now ?? new Date();
}
