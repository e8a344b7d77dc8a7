import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BuildOutcome, BuildPhase } from '../../domain/build/build-lifecycle.js';
import type { OpenBuild } from '../../domain/build/plan-build-queue.js';
import { HostRow } from '../entities/index.js';
import { tellOfBuild } from './tell.js';

/** A build that has not ended, with what is told of it. */
export interface QueuedBuild extends OpenBuild {
  readonly app: string;
  readonly ref: string;
  readonly rref: string;
  readonly phase: BuildPhase;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
}

/** How the queue has moved: seconds of waiting, and how many in the last hour. */
export interface BuildPace {
  readonly waitP50: number | null;
  readonly waitP95: number | null;
  readonly askedPerHour: number;
  readonly begunPerHour: number;
  readonly settledPerHour: number;
}

/** How builds of one outcome went. */
export interface BuildEnds {
  readonly outcome: BuildOutcome;
  readonly count: number;
  readonly ranP50: number | null;
  readonly ranP95: number | null;
}

/** Of how long the waiting is told, in hours. */
export const PACE_HOURS = 24;

/** One at a time decides who is next, in all engines together. */
const TURN_LOCK = 'jockey:turns of builds';

/** The builds that wait and run, as Postgres knows them. A build runs while an engine holds its lease. */
@Injectable()
export class BuildQueue {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs one decision after the other: what it reads of the queue stays true until it has written. */
  async inTurn<T>(decide: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [TURN_LOCK]);
      return decide(manager);
    });
  }

  /** All builds that have not ended, oldest first. */
  async open(manager: EntityManager = this.dataSource.manager): Promise<readonly QueuedBuild[]> {
    return manager.query<QueuedBuild[]>(
      `SELECT build.id, build.app_id AS "appId", app.name AS app, build.ref, build.rref, build.phase, build.branch,
         build.created_at AS "createdAt", build.started_at AS "startedAt", build.container_host AS host,
         app.build_queue = 'latest_wins' AS "latestWins", build.started_at IS NOT NULL AS begun,
         build.host_losses > 0 AS "lostHost", build.cancel_requested_at IS NOT NULL AS canceled,
         lease.key IS NOT NULL AS running, served.at AS "appServedAt", built.host AS "appBuiltOn"
       FROM builds build JOIN apps app ON app.id = build.app_id
       LEFT JOIN leases lease ON lease.key = 'build:' || build.id AND lease.expires_at > now()
       LEFT JOIN (
         SELECT app_id, extract(epoch FROM max(started_at))::float * 1000 AS at FROM builds
         WHERE app_id IN (SELECT app_id FROM builds WHERE state = 'in_progress') GROUP BY app_id
       ) served ON served.app_id = build.app_id
       LEFT JOIN LATERAL (
         SELECT container_host AS host FROM builds
         WHERE app_id = build.app_id AND state = 'completed' ORDER BY completed_at DESC LIMIT 1
       ) built ON true
       WHERE build.state = 'in_progress' ORDER BY build.id`,
    );
  }

  /** Names of the hosts that get no new work. */
  async cordoned(): Promise<ReadonlySet<string>> {
    const rows = await this.dataSource.manager.find(HostRow, { where: { cordoned: true } });
    return new Set(rows.map(({ name }) => name));
  }

  /** Lets a build begin on a host, null where it only ends; false when it has ended meanwhile. */
  static async begin(manager: EntityManager, id: string, host: string | null): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH begun AS (
         UPDATE builds SET phase = 'preparing', container_host = coalesce($2, container_host),
         started_at = CASE WHEN $2::text IS NULL THEN started_at ELSE coalesce(started_at, now()) END
         WHERE id = $1 AND state = 'in_progress' RETURNING 1)
       SELECT * FROM begun`,
      [id, host],
    );
    return rows.length === 1;
  }

  /** Ends a build that waits; false when it has begun or ended meanwhile. */
  static async endWaiting(
    manager: EntityManager,
    id: string,
    end: { readonly outcome: 'canceled' | 'superseded'; readonly reason: string },
  ): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH ended AS (
         UPDATE builds SET state = 'failed', phase = 'settled', outcome = $2, failure_reason = $3, completed_at = now()
         WHERE id = $1 AND state = 'in_progress' AND phase = 'queued' RETURNING 1)
       SELECT * FROM ended`,
      [id, end.outcome, end.reason],
    );
    if (rows.length === 1) await tellOfBuild(manager, 'build.failed', id);
    return rows.length === 1;
  }

  /** How many builds have settled, ever, by how they did; and how long those of the last hours ran, in seconds. */
  async ends(): Promise<readonly BuildEnds[]> {
    return this.dataSource.query<BuildEnds[]>(
      `SELECT outcome, count(*)::int AS count,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY ran) AS "ranP50",
         percentile_cont(0.95) WITHIN GROUP (ORDER BY ran) AS "ranP95"
       FROM (SELECT outcome, CASE WHEN completed_at > now() - $1 * interval '1 hour'
           THEN extract(epoch FROM completed_at - started_at)::float END AS ran
         FROM builds WHERE outcome IS NOT NULL) settled
       GROUP BY outcome ORDER BY outcome`,
      [PACE_HOURS],
    );
  }

  /** How the queue has moved lately. */
  async pace(): Promise<BuildPace> {
    const rows = await this.dataSource.query<BuildPace[]>(
      `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY wait) AS "waitP50",
         percentile_cont(0.95) WITHIN GROUP (ORDER BY wait) AS "waitP95",
         count(*) FILTER (WHERE created_at > now() - interval '1 hour')::int AS "askedPerHour",
         count(*) FILTER (WHERE started_at > now() - interval '1 hour')::int AS "begunPerHour",
         count(*) FILTER (WHERE completed_at > now() - interval '1 hour')::int AS "settledPerHour"
       FROM (SELECT created_at, started_at, completed_at,
           CASE WHEN started_at > now() - $1 * interval '1 hour'
             THEN extract(epoch FROM started_at - created_at)::float END AS wait
         FROM builds WHERE greatest(created_at, started_at, completed_at) > now() - $1 * interval '1 hour') recent`,
      [PACE_HOURS],
    );
    return rows[0] as BuildPace;
  }
}
