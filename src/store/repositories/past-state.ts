import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** An app in an environment, by ids and names. */
export interface PastPlace {
  readonly appId: string;
  readonly app: string;
  readonly environmentId: string;
  readonly environment: string;
}

/** What was current in a place, and its newest config. */
export interface PastRelease extends PastPlace {
  readonly id: string;
  readonly number: number;
  readonly sha: string;
  readonly image: string;
  readonly deployId: string;
  readonly since: Date;
  /** Version of the Config Set that its containers got; null for none. */
  readonly config: number | null;
  /** The newest version that there was. */
  readonly newestConfig: number | null;
}

/** A container as it was. */
export interface PastInstance extends PastPlace {
  readonly id: string;
  readonly worker: string;
  readonly slot: number;
  readonly host: string;
  readonly port: number | null;
  readonly deployId: string;
  readonly memoryMb: number;
  readonly cpus: number;
  readonly state: 'planned' | 'started' | 'healthy' | 'draining';
  readonly since: Date;
  /** Whether traffic went to it. */
  readonly live: boolean;
}

/** The last that was told of a host, where it is still kept. */
export interface PastHostWord {
  readonly host: string;
  readonly kind: string;
}

const NAMES = `app.id AS "appId", app.name AS app, environment.id AS "environmentId", environment.name AS environment`;
const PLACE = `JOIN apps app ON app.id = it.app_id JOIN environments environment ON environment.id = it.environment_id`;

/** Reads how things stood at a time, from what rows say of themselves: no copies are kept for it. */
@Injectable()
export class PastState {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest release of each place; of apps that were there. */
  async releases(at: Date): Promise<readonly PastRelease[]> {
    return this.dataSource.query(
      `SELECT DISTINCT ON (app.name, app.id, environment.name) ${NAMES}, it.id, it.number, it.sha, it.image,
         it.deploy_id AS "deployId", it.created_at AS since, given.version AS config,
         (SELECT max(newest.version) FROM config_versions newest JOIN config_sets owner ON owner.id = newest.config_set_id
          WHERE owner.app_id = app.id AND owner.environment_id = environment.id AND newest.created_at <= $1)
           AS "newestConfig"
       FROM releases it ${PLACE} LEFT JOIN config_versions given ON given.id = it.config_version_id
       WHERE it.created_at <= $1 AND (app.deleted_at IS NULL OR app.deleted_at > $1)
       ORDER BY app.name, app.id, environment.name, it.number DESC`,
      [at],
    );
  }

  /** The containers that were reserved, ran or ended their requests then. */
  async instances(at: Date): Promise<readonly PastInstance[]> {
    return this.dataSource.query(
      `SELECT ${NAMES}, it.id, it.spec ->> 'name' AS worker, it.slot, it.host, it.host_port AS port,
         it.deploy_id AS "deployId", it.memory_mb AS "memoryMb", it.cpus,
         CASE WHEN it.draining_at <= $1 THEN 'draining' WHEN it.healthy_at <= $1 THEN 'healthy'
           WHEN it.started_at <= $1 THEN 'started' ELSE 'planned' END AS state,
         GREATEST(it.planned_at, CASE WHEN it.started_at <= $1 THEN it.started_at END,
           CASE WHEN it.healthy_at <= $1 THEN it.healthy_at END,
           CASE WHEN it.draining_at <= $1 THEN it.draining_at END) AS since,
         it.host_port IS NOT NULL AND COALESCE(it.live_at <= $1, false)
           AND (it.draining_at IS NULL OR it.draining_at > $1) AS live
       FROM instances it ${PLACE}
       WHERE it.planned_at <= $1 AND (it.ended_at > $1 OR (it.ended_at IS NULL AND it.state NOT IN ('stopped', 'failed')))
       ORDER BY app.name, app.id, environment.name, worker, it.slot, it.id`,
      [at],
    );
  }

  /** The last word on each host, and the last on whether it was there. */
  async hostWords(at: Date): Promise<readonly PastHostWord[]> {
    return this.dataSource.query(
      `SELECT DISTINCT ON (subject_id, kind IN ('host.lost', 'host.returned')) subject_id AS host, kind FROM events
       WHERE subject = 'host' AND at <= $1
       ORDER BY subject_id, kind IN ('host.lost', 'host.returned'), position DESC`,
      [at],
    );
  }
}
