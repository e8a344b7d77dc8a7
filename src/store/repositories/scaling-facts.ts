import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';

/** An instance of a worker, as far as it can be measured. */
export interface MeasurableInstance {
  readonly containerName: string;
  readonly host: string;
  /** What it reserves: MiB and cores. */
  readonly memoryMb: number;
  readonly cpus: number;
  /** Whether its check passes: one that starts uses more than it will. */
  readonly healthy: boolean;
}

/** What Postgres knows of a worker that is to be scaled. */
export interface ScalingFacts {
  /** Milliseconds since 1970, by the database's clock. */
  readonly now: number;
  readonly scale: number;
  readonly stack: string;
  readonly environment: string;
  /** A deploy of its app in its environment that exchanges instances at this moment. */
  readonly deploy: string | null;
  /** Those that run or are to run. */
  readonly instances: readonly MeasurableInstance[];
}

const DEPLOY = `SELECT d.id FROM deploys d WHERE d.app_id = w.app_id AND d.environment_id = w.environment_id
  AND d.state = 'deploying' ORDER BY d.id LIMIT 1`;

const INSTANCES = `SELECT coalesce(jsonb_agg(jsonb_build_object('containerName', i.container_name, 'host', i.host,
    'memoryMb', i.memory_mb, 'cpus', i.cpus, 'healthy', i.state = 'healthy') ORDER BY i.id), '[]')
  FROM instances i WHERE i.worker_id = w.id AND i.desired <> 'stopped' AND i.state IN ('planned', 'started', 'healthy')`;

/** Reads what a scale is decided from. */
@Injectable()
export class ScalingFactsReads {
  constructor(private readonly dataSource: DataSource) {}

  /** Of a worker; throws `not_found` where it is gone. */
  async of(workerId: string): Promise<ScalingFacts> {
    const [facts] = await this.dataSource.query<ScalingFacts[]>(
      `SELECT (EXTRACT(EPOCH FROM now()) * 1000)::float8 AS now, w.scale, s.name AS stack, e.name AS environment,
         (${DEPLOY}) AS deploy, (${INSTANCES}) AS instances
       FROM workers w JOIN apps a ON a.id = w.app_id AND a.deleted_at IS NULL
       JOIN stacks s ON s.id = a.stack_id JOIN environments e ON e.id = w.environment_id
       WHERE w.id = $1`,
      [workerId],
    );
    if (facts === undefined) throw notFound('worker', workerId);
    return facts;
  }
}
