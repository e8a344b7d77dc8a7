import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Resources } from '../../domain/host/host.js';
import { HostRow } from '../entities/index.js';
import { RUNS_ON_HOSTS } from './runs.js';

/** What Jockey has on a host, and what the operator says of it. */
export interface HostLoad {
  readonly reserved: Resources;
  /** Living instances, of all apps. */
  readonly instances: number;
  readonly ports: ReadonlySet<number>;
  /** Instances of the asking app that failed here in the last ten minutes. */
  readonly recentFailures: number;
  readonly cordoned: boolean;
  readonly cordonReason: string | null;
  /** Whether it is to be emptied. */
  readonly draining: boolean;
  /** Since when Consul holds it for lost, in milliseconds since 1970; null while it is well. */
  readonly lostSince: number | null;
  /** What its Docker said that it has; null where it was never asked. */
  readonly capacity: Resources | null;
  /** The machine that it was, where the group of that has it no more; null otherwise. */
  readonly goneMachine?: string | null;
}

/** A host where there is nothing. */
export const NO_LOAD: HostLoad = {
  reserved: { memoryMb: 0, cpus: 0 },
  instances: 0,
  ports: new Set(),
  recentFailures: 0,
  cordoned: false,
  cordonReason: null,
  draining: false,
  lostSince: null,
  capacity: null,
};

/** Key of the advisory lock under which places are given out, one at a time over all engines: hosts serve several pools. */
const PLACEMENT_LOCK = 4044_0001;

/** Reads of what is reserved on hosts, and the lock that keeps two placements from giving the same room away. */
@Injectable()
export class HostLoads {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs a placement alone: what it reads and writes is one transaction. Nothing slow may happen inside. */
  async alone<T>(
    appId: string,
    place: (manager: EntityManager, loads: ReadonlyMap<string, HostLoad>) => Promise<T>,
  ): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [PLACEMENT_LOCK]);
      return place(manager, await this.read(appId, manager));
    });
  }

  /** The load of every host that has one or was spoken of, by name. */
  async read(appId: string, manager: EntityManager = this.dataSource.manager): Promise<ReadonlyMap<string, HostLoad>> {
    const sums = await manager.query<SumRow[]>(
      `SELECT host, count(*) FILTER (WHERE is_instance)::int AS instances,
         sum(memory_mb)::int AS "memoryMb",
         sum(cpus) AS cpus, array_remove(array_agg(host_port), NULL) AS ports
       FROM (SELECT host, memory_mb, cpus, host_port, true AS is_instance FROM instances WHERE state <> 'stopped'
         UNION ALL SELECT host, memory_mb, cpus, NULL, false FROM ${RUNS_ON_HOSTS}) it GROUP BY host`,
    );
    const failures = await manager.query<{ host: string; failures: number }[]>(
      `SELECT host, count(*)::int AS failures FROM instances
       WHERE app_id = $1 AND failure IS NOT NULL AND ended_at > now() - interval '10 minutes' GROUP BY host`,
      [appId],
    );
    const hosts = await manager.find(HostRow);
    const gone = await goneMachines(manager);
    const names = new Set([
      ...sums.map(({ host }) => host),
      ...failures.map(({ host }) => host),
      ...hosts.map(({ name }) => name),
    ]);
    return new Map(
      [...names].map((name) => {
        const row = hosts.find((host) => host.name === name);
        const failed = failures.find(({ host }) => host === name)?.failures ?? 0;
        return [
          name,
          {
            ...loadOf(
              sums.filter(({ host }) => host === name),
              failed,
              row,
            ),
            goneMachine: gone.get(name) ?? null,
          },
        ];
      }),
    );
  }

  /** Keeps what a host's Docker offers, for those who may not ask Docker. */
  async keepCapacity(host: string, capacity: Resources): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO hosts (name, memory_mb, cpus, observed_at) VALUES ($1, $2, $3, now())
       ON CONFLICT (name) DO UPDATE SET memory_mb = excluded.memory_mb, cpus = excluded.cpus, observed_at = now()`,
      [host, capacity.memoryMb, capacity.cpus],
    );
  }
}

/** By the name of the node; a name that a machine of any group has now is not in it. */
async function goneMachines(manager: EntityManager): Promise<ReadonlyMap<string, string>> {
  const rows = await manager.query<{ host: string; machine: string }[]>(
    `SELECT DISTINCT ON (host) host, instance_id AS machine FROM pool_hosts
     WHERE gone_at > now() - interval '1 day' AND host IS NOT NULL AND instance_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM pool_hosts living WHERE living.host = pool_hosts.host AND living.gone_at IS NULL)
     ORDER BY host, id DESC`,
  );
  return new Map(rows.map(({ host, machine }) => [host, machine]));
}

interface SumRow {
  readonly host: string;
  readonly instances: number;
  readonly memoryMb: number;
  readonly cpus: number;
  readonly ports: readonly number[];
}

function loadOf(sums: readonly SumRow[], recentFailures: number, row: HostRow | undefined): HostLoad {
  return {
    reserved: {
      memoryMb: sums.reduce((sum, { memoryMb }) => sum + memoryMb, 0),
      cpus: sums.reduce((sum, { cpus }) => sum + cpus, 0),
    },
    instances: sums.reduce((sum, { instances }) => sum + instances, 0),
    ports: new Set(sums.flatMap(({ ports }) => ports)),
    recentFailures,
    cordoned: row?.cordoned ?? false,
    cordonReason: row?.reason ?? null,
    draining: row?.drainRequestedAt != null,
    lostSince: row?.lostSince?.getTime() ?? null,
    capacity: row?.memoryMb == null || row.cpus === null ? null : { memoryMb: row.memoryMb, cpus: row.cpus },
  };
}
