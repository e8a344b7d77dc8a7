import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';

/** In progress for longer than this is stuck, in hours; the original's figure. */
export const STUCK_AFTER_HOURS = 1;

/** An engine's lease that holds now. */
export interface HeldLease {
  /** What is held: `app_environment:7:2`, `build:12`. */
  readonly key: string;
  readonly holder: string;
  readonly since: Date;
  readonly until: Date;
}

/** Something that has been in progress for too long. */
export interface Stuck {
  readonly id: string;
  readonly environmentId: string;
}

/** What Postgres says of Jockey's own health. */
export interface SanityFacts {
  readonly environments: readonly { readonly id: string; readonly name: string }[];
  /** All stacks; `neededIn` are the environments in which an app needs hosts of it. */
  readonly stacks: readonly { readonly name: string; readonly neededIn: readonly string[] }[];
  readonly deploys: readonly Stuck[];
  readonly reconciles: readonly Stuck[];
  /** Ids of builds. */
  readonly builds: readonly string[];
  readonly leases: readonly HeldLease[];
  /** When an engine last took or held a lease; null for never. */
  readonly engineSeenAt: Date | null;
  /** How long that is ago, in milliseconds; null for never. */
  readonly engineSilentMs: number | null;
}

/** Reads what Postgres says of Jockey's own health. */
@Injectable()
export class SanityReader {
  constructor(private readonly dataSource: DataSource) {}

  /** A few small queries, each over an index or a small table. */
  async read(): Promise<SanityFacts> {
    const [environments, stacks, deploys, reconciles, builds, leases, engine] = await Promise.all([
      this.dataSource.query<SanityFacts['environments'][number][]>('SELECT id, name FROM environments ORDER BY name'),
      this.dataSource.query<SanityFacts['stacks'][number][]>(STACKS),
      this.stuck('deploys', [...IN_PROGRESS_DEPLOY_STATES], 'AND NOT queued'),
      this.stuck('reconciles', ['in_progress']),
      this.dataSource.query<{ id: string }[]>(
        `SELECT id FROM builds WHERE state = 'in_progress' AND ${LONG_AGO} ORDER BY id`,
        [STUCK_AFTER_HOURS],
      ),
      this.dataSource.query<HeldLease[]>(
        `SELECT key, holder, acquired_at AS since, expires_at AS until FROM leases WHERE expires_at > now() ORDER BY key`,
      ),
      this.dataSource.query<{ at: Date | null; ms: number | null }[]>(
        `SELECT max(seen) AS at, (extract(epoch FROM now() - max(seen)) * 1000)::float AS ms
         FROM (SELECT least(now(), expires_at) AS seen FROM leases) leases`,
      ),
    ]);
    const [seen = { at: null, ms: null }] = engine;
    const ids = builds.map(({ id }) => id);
    return {
      environments,
      stacks,
      deploys,
      reconciles,
      builds: ids,
      leases,
      engineSeenAt: seen.at,
      engineSilentMs: seen.ms,
    };
  }

  private stuck(table: 'deploys' | 'reconciles', states: readonly string[], also = ''): Promise<Stuck[]> {
    return this.dataSource.query(
      `SELECT id, environment_id AS "environmentId" FROM ${table} WHERE state = ANY($2) AND ${LONG_AGO} ${also} ORDER BY id`,
      [STUCK_AFTER_HOURS, states],
    );
  }
}

const LONG_AGO = `created_at < now() - $1 * interval '1 hour'`;

const STACKS = `
  SELECT stacks.name, COALESCE(array_agg(DISTINCT environments.name) FILTER (WHERE environments.name IS NOT NULL), '{}') AS "neededIn"
  FROM stacks
  LEFT JOIN apps ON apps.stack_id = stacks.id AND apps.deleted_at IS NULL
  LEFT JOIN workers ON workers.app_id = apps.id AND workers.scale > 0
  LEFT JOIN environments ON environments.id = workers.environment_id
  GROUP BY stacks.name ORDER BY stacks.name`;
