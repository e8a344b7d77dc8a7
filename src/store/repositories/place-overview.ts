import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeployKind, DeployOutcome, DeployState } from '../../domain/deploy/deploy-lifecycle.js';
import { inSight } from '../within-sight.js';

/** An app in an environment in which something runs, or ran, or was to run. */
export interface OverviewPlace {
  readonly appId: string;
  readonly app: string;
  readonly environmentId: string;
  readonly environment: string;
}

/** A worker there: what is wanted of it, and what its instances are. */
export interface OverviewWorker {
  readonly name: string;
  readonly wanted: number;
  readonly healthy: number;
  readonly starting: number;
  readonly failed: number;
  readonly hosts: readonly string[];
}

/** A deploy there. */
export interface OverviewDeploy {
  readonly id: string;
  readonly state: DeployState;
  readonly kind: DeployKind;
  readonly outcome: DeployOutcome | null;
  readonly rref: string;
  readonly failureReason: string | null;
  readonly pausedBecause: string | null;
  readonly createdAt: string;
  readonly completedAt: string | null;
}

/** All that is told of a place at a glance. */
export interface OverviewRow extends OverviewPlace {
  readonly release: { readonly number: number; readonly sha: string; readonly createdAt: string } | null;
  /** The one in progress. */
  readonly deploy: OverviewDeploy | null;
  /** The last one that settled. */
  readonly lastDeploy: OverviewDeploy | null;
  readonly hold: string | null;
  readonly workers: readonly OverviewWorker[];
}

const PLACES = `
  SELECT app.id AS "appId", app.name AS app, environment.id AS "environmentId", environment.name AS environment
  FROM apps app CROSS JOIN environments environment
  WHERE app.deleted_at IS NULL
    AND EXISTS (SELECT FROM deploys WHERE app_id = app.id AND environment_id = environment.id)
    AND ($1::bigint IS NULL OR app.id = $1) AND ($2::bigint IS NULL OR environment.id = $2)
  ORDER BY app.name, environment.name`;

const DEPLOY = `jsonb_build_object('id', id::text, 'state', state, 'kind', kind, 'outcome', outcome, 'rref', rref,
  'failureReason', failure_reason, 'pausedBecause', paused_because, 'createdAt', created_at, 'completedAt', completed_at)`;

const AT = 'app_id = place."appId" AND environment_id = place."environmentId"';

/** What is being drained has left traffic: it is no longer one of the place's instances. */
const WORKERS = `
  SELECT jsonb_agg(jsonb_build_object('name', worker.name, 'wanted', worker.scale, 'healthy', healthy,
    'starting', starting, 'failed', failed, 'hosts', hosts) ORDER BY worker.name)
  FROM workers worker CROSS JOIN LATERAL (
    SELECT COUNT(*) FILTER (WHERE state = 'healthy') AS healthy,
      COUNT(*) FILTER (WHERE state IN ('planned', 'started')) AS starting,
      COUNT(*) FILTER (WHERE state = 'failed') AS failed,
      COALESCE(jsonb_agg(DISTINCT host) FILTER (WHERE state = 'healthy'), '[]') AS hosts
    FROM instances WHERE state <> 'stopped' AND ${AT} AND worker_id = worker.id) counted
  WHERE worker.app_id = place."appId" AND worker.environment_id = place."environmentId"`;

const ROWS = `
  SELECT place.*, (
      SELECT jsonb_build_object('number', number, 'sha', sha, 'createdAt', created_at)
      FROM releases WHERE ${AT} ORDER BY number DESC LIMIT 1) AS release,
    (SELECT ${DEPLOY} FROM deploys WHERE ${AT} AND state IN ('created', 'building', 'deploying') AND NOT queued) AS deploy,
    (SELECT ${DEPLOY} FROM deploys WHERE ${AT} AND completed_at IS NOT NULL ORDER BY id DESC LIMIT 1) AS "lastDeploy",
    (SELECT reason FROM holds WHERE ${AT}) AS hold,
    COALESCE((${WORKERS}), '[]') AS workers
  FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY place("appId", "environmentId", at) ORDER BY at`;

/** Which places are wanted. */
export interface OverviewFilter {
  readonly appId?: string;
  readonly environmentId?: string;
}

/** What runs where, as Postgres knows it. */
@Injectable()
export class PlaceOverview {
  constructor(private readonly dataSource: DataSource) {}

  /** Every place that the present caller may see, ordered by the names of app and environment. */
  async places({ appId, environmentId }: OverviewFilter): Promise<readonly OverviewPlace[]> {
    const all = await this.dataSource.query<OverviewPlace[]>(PLACES, [appId ?? null, environmentId ?? null]);
    return all.filter((place) => inSight({ app: place.appId, environment: place.environment }));
  }

  /** All that is told of these places, in their order. */
  async rowsOf(places: readonly OverviewPlace[]): Promise<readonly OverviewRow[]> {
    if (places.length === 0) return [];
    const ids = [places.map(({ appId }) => appId), places.map(({ environmentId }) => environmentId)];
    const rows = await this.dataSource.query<OverviewRow[]>(ROWS, ids);
    return rows.map((row, at) => ({ ...row, ...(places[at] as OverviewPlace) }));
  }
}
