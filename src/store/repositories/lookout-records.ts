import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { serviceName, standbyServiceName } from '../../domain/kernel/names.js';
import type { AppEnvironmentKey } from './app-environments.js';
import { tellOfHost } from './tell-of-hosts.js';

/** An app in an environment, and where in the world it is to be watched. */
export interface WatchedPlace {
  readonly key: AppEnvironmentKey;
  readonly app: string;
  readonly stack: string;
  readonly environment: string;
  /** The Consul services of its living instances. */
  readonly services: readonly string[];
  /** The hosts of its living instances. */
  readonly hosts: readonly string[];
}

/** A host that Consul holds for lost. */
export interface LostHost {
  readonly name: string;
  /** Milliseconds that it has been lost for, by the database's clock. */
  readonly lostMs: number;
}

/** What the standing watch reads and keeps. */
@Injectable()
export class LookoutRecords {
  constructor(private readonly dataSource: DataSource) {}

  /** Where each of these is to be watched. */
  async places(keys: readonly AppEnvironmentKey[]): Promise<readonly WatchedPlace[]> {
    const rows = await this.dataSource.query<PlaceRow[]>(
      `SELECT a.id AS "appId", e.id AS "environmentId", a.name AS app, s.name AS stack, e.name AS environment,
         COALESCE(jsonb_agg(DISTINCT jsonb_build_object('worker', i.spec ->> 'name', 'standby', i.standby))
           FILTER (WHERE i.id IS NOT NULL), '[]') AS services,
         array_remove(array_agg(DISTINCT i.host), NULL) AS hosts
       FROM unnest($1::bigint[], $2::bigint[]) AS wanted (app_id, environment_id)
       JOIN apps a ON a.id = wanted.app_id JOIN stacks s ON s.id = a.stack_id
       JOIN environments e ON e.id = wanted.environment_id
       LEFT JOIN instances i ON i.app_id = a.id AND i.environment_id = e.id AND i.state <> 'stopped'
       GROUP BY a.id, e.id, s.id`,
      [keys.map(({ appId }) => appId), keys.map(({ environmentId }) => environmentId)],
    );
    return rows.map(placeOf);
  }

  /** The newest app of each name in the environment of each name, a living one before a deleted one; unknown ones are left out. */
  async known(
    names: readonly { readonly app: string; readonly environment: string }[],
  ): Promise<readonly KnownPlace[]> {
    return this.dataSource.query<KnownPlace[]>(
      `SELECT DISTINCT ON (a.name, e.name) a.id AS "appId", e.id AS "environmentId", a.name AS app, s.name AS stack,
         e.name AS environment
       FROM unnest($1::text[], $2::text[]) AS wanted (app, environment)
       JOIN apps a ON a.name = wanted.app JOIN stacks s ON s.id = a.stack_id
       JOIN environments e ON e.name = wanted.environment
       ORDER BY a.name, e.name, a.deleted_at DESC NULLS FIRST, a.id DESC`,
      [names.map(({ app }) => app), names.map(({ environment }) => environment)],
    );
  }

  /** The names of all stacks. */
  async stacks(): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ name: string }[]>('SELECT name FROM stacks ORDER BY name');
    return rows.map(({ name }) => name);
  }

  /** Keeps which hosts are lost, since now where that is new; answers those of which another word was kept before. */
  async keepStandings({ lost, well }: Standings): Promise<readonly string[]> {
    const rows = await this.dataSource.transaction((manager) => keepIn(manager, { lost, well }));
    return rows.map(({ name }) => name);
  }

  /** The hosts that are lost. */
  async lostHosts(): Promise<readonly LostHost[]> {
    return this.dataSource.query<LostHost[]>(
      `SELECT name, (EXTRACT(EPOCH FROM now() - lost_since) * 1000)::float8 AS "lostMs"
       FROM hosts WHERE lost_since IS NOT NULL ORDER BY name`,
    );
  }
}

async function keepIn(manager: EntityManager, { lost, well }: Standings): Promise<readonly TurnedHost[]> {
  const turned = await manager.query<TurnedHost[]>(
    `WITH gone AS (
       INSERT INTO hosts (name, lost_since) SELECT name, now() FROM unnest($1::text[]) AS name ORDER BY name
       ON CONFLICT (name) DO UPDATE SET lost_since = excluded.lost_since WHERE hosts.lost_since IS NULL
       RETURNING name),
     back AS (UPDATE hosts SET lost_since = NULL WHERE name = ANY($2) AND lost_since IS NOT NULL RETURNING name)
     SELECT name, true AS lost FROM gone UNION SELECT name, false FROM back ORDER BY name`,
    [lost, well],
  );
  for (const { name, lost: isLost } of turned)
    await tellOfHost(manager, isLost ? 'host.lost' : 'host.returned', { name, reason: null });
  return turned;
}

interface TurnedHost {
  readonly name: string;
  readonly lost: boolean;
}

/** Hosts by what Consul says of them; what it says nothing of is in neither. */
export interface Standings {
  readonly lost: readonly string[];
  readonly well: readonly string[];
}

/** An app in an environment by its names. */
export interface KnownPlace extends AppEnvironmentKey {
  readonly app: string;
  readonly stack: string;
  readonly environment: string;
}

interface PlaceRow extends Omit<WatchedPlace, 'key' | 'services'>, AppEnvironmentKey {
  readonly services: readonly { readonly worker: string; readonly standby: boolean }[];
}

function placeOf({ appId, environmentId, services, ...rest }: PlaceRow): WatchedPlace {
  const names = services.map(({ worker, standby }) =>
    standby ? standbyServiceName(rest.app, worker) : serviceName(rest.app, worker),
  );
  return { ...rest, key: { appId, environmentId }, services: names };
}
