import { Injectable } from '@nestjs/common';
import { FigureReader } from './figure-reader.js';

/** A worker of what is deployed, and how many of it there are. */
export interface WorkerFigures {
  readonly app: string;
  readonly environment: string;
  readonly worker: string;
  /** Its scale. */
  readonly wanted: number;
  /** Healthy instances. */
  readonly running: number;
  /** Whether a deploy of the app is in progress there. */
  readonly moving: boolean;
}

/** Living instances in one state. */
export interface StateCount {
  readonly state: string;
  readonly count: number;
}

/** What Jockey keeps on a host and of it. */
export interface HostFigures {
  readonly host: string;
  readonly instances: number;
  readonly memoryMb: number;
  readonly cpus: number;
  /** What its Docker offers; null where it was never asked. */
  readonly offeredMemoryMb: number | null;
  readonly offeredCpus: number | null;
  readonly cordoned: boolean;
  readonly draining: boolean;
  readonly lost: boolean;
}

/** A pool of hosts. */
export interface PoolFigures {
  readonly stack: string;
  readonly environment: string;
  readonly desired: number;
  readonly joined: number;
  readonly troubled: boolean;
}

/** Deliveries of the last hour. */
export interface DeliveryFigures {
  readonly channel: string;
  readonly state: string;
  readonly count: number;
}

/** What is where at this moment. */
@Injectable()
export class PlaceFigures {
  constructor(private readonly reader: FigureReader) {}

  /** Every worker of every current deploy, oldest first, so that a limit on their number always leaves out the same. */
  async workers(): Promise<readonly WorkerFigures[]> {
    return this.reader.rows<WorkerFigures>(
      `WITH living AS (
         SELECT worker_id, count(*) FILTER (WHERE state = 'healthy')::int AS running
         FROM instances WHERE state <> 'stopped' GROUP BY worker_id
       ), current AS (
         SELECT DISTINCT ON (app_id, environment_id) app_id, environment_id, workers
         FROM deploys WHERE state = 'deployed' ORDER BY app_id, environment_id, id DESC)
       SELECT app.name AS app, place.name AS environment, worker.name AS worker, worker.scale AS wanted,
         coalesce(living.running, 0) AS running, open.app_id IS NOT NULL AS moving
       FROM current JOIN apps app ON app.id = current.app_id AND app.deleted_at IS NULL
       JOIN environments place ON place.id = current.environment_id
       JOIN workers worker ON worker.app_id = current.app_id AND worker.environment_id = current.environment_id
         AND current.workers @> jsonb_build_array(jsonb_build_object('name', worker.name))
       LEFT JOIN living ON living.worker_id = worker.id
       LEFT JOIN (SELECT DISTINCT app_id, environment_id FROM deploys
         WHERE state IN ('created', 'building', 'deploying')) open
         ON open.app_id = current.app_id AND open.environment_id = current.environment_id
       ORDER BY worker.id`,
    );
  }

  /** How many living instances there are of each state. */
  async instanceStates(): Promise<readonly StateCount[]> {
    return this.reader.rows<StateCount>(
      `SELECT state, count(*)::int AS count FROM instances WHERE state <> 'stopped' GROUP BY state`,
    );
  }

  /** Every host that has something of Jockey's or of which something was said or seen, by name. */
  async hosts(): Promise<readonly HostFigures[]> {
    return this.reader.rows<HostFigures>(
      `WITH held AS (
         SELECT host, count(*)::int AS instances, sum(memory_mb)::int AS memory_mb, sum(cpus)::float AS cpus
         FROM instances WHERE state <> 'stopped' GROUP BY host)
       SELECT coalesce(hosts.name, held.host) AS host, coalesce(held.instances, 0) AS instances,
         coalesce(held.memory_mb, 0) AS "memoryMb", coalesce(held.cpus, 0) AS cpus,
         hosts.memory_mb AS "offeredMemoryMb", hosts.cpus AS "offeredCpus", coalesce(hosts.cordoned, false) AS cordoned,
         hosts.drain_requested_at IS NOT NULL AS draining, hosts.lost_since IS NOT NULL AS lost
       FROM hosts FULL JOIN held ON held.host = hosts.name ORDER BY 1`,
    );
  }

  /** The pools of hosts, oldest first. */
  async pools(): Promise<readonly PoolFigures[]> {
    return this.reader.rows<PoolFigures>(
      `SELECT stack.name AS stack, place.name AS environment, pool.desired_hosts AS desired,
         (SELECT count(*)::int FROM pool_hosts host
           WHERE host.pool_id = pool.id AND host.gone_at IS NULL AND host.joined_at IS NOT NULL) AS joined,
         pool.trouble IS NOT NULL AS troubled
       FROM host_pools pool JOIN stacks stack ON stack.id = pool.stack_id
       JOIN environments place ON place.id = pool.environment_id
       WHERE pool.deleted_at IS NULL ORDER BY pool.id`,
    );
  }

  /** What was to go out within the last hour, and what waits, however old. */
  async deliveries(): Promise<readonly DeliveryFigures[]> {
    return this.reader.rows<DeliveryFigures>(
      `SELECT channel, state, count(*)::int AS count FROM deliveries
       WHERE created_at > now() - interval '1 hour' OR state = 'waiting' GROUP BY channel, state`,
    );
  }

  /** What GitHub delivered within the last hour: `accepted`, or `declined`. */
  async webhooks(): Promise<readonly StateCount[]> {
    return this.reader.rows<StateCount>(
      `SELECT CASE WHEN accepted THEN 'accepted' ELSE 'declined' END AS state, count(*)::int AS count
       FROM webhook_deliveries WHERE body IS NOT NULL AND created_at > now() - interval '1 hour' GROUP BY 1`,
    );
  }
}
