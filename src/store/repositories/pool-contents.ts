import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { WaitingRoom } from '../../domain/capacity/capacity.js';
import type { RoomWanted } from '../../domain/capacity/room-wanted.js';
import type { Resources } from '../../domain/host/host.js';
import { WEB_WORKER } from '../../domain/worker/worker.js';
import type { HostPoolRow } from '../entities/index.js';

/** A living instance as the capacity of its pool is planned by. */
export interface PoolInstance {
  readonly host: string;
  readonly containerName: string;
  readonly appId: string;
  readonly workerId: string;
  /** Name of the worker. */
  readonly worker: string;
  readonly slot: number;
  readonly resources: Resources;
  /** Whether it may be moved while nothing is wrong. */
  readonly mayMove: boolean;
  /**
   * Whether it goes without a move: it was told to stop, has failed, or is replaced by one that has its place on one of
   * these hosts already. Should that one fail, it counts again.
   */
  readonly goes: boolean;
  /** Whether its check has to ask the Docker of its host. */
  readonly runningCheck: boolean;
}

type WhereIsPool = Pick<HostPoolRow, 'stackId' | 'environmentId'>;

/** Reads what is on the hosts of pools, and what waits for room on them. */
@Injectable()
export class PoolContents {
  constructor(private readonly dataSource: DataSource) {}

  /** The living instances on these hosts, of all apps. */
  async instancesOn(hosts: readonly string[]): Promise<readonly PoolInstance[]> {
    if (hosts.length === 0) return [];
    const rows = await this.dataSource.query<InstanceRead[]>(
      `SELECT i.host, i.container_name AS "containerName", i.app_id AS "appId", i.worker_id AS "workerId",
         i.spec ->> 'name' AS worker, i.slot, i.memory_mb AS "memoryMb", i.cpus, w.may_move AS "mayMove",
         i.desired = 'stopped' OR i.state IN ('draining', 'failed') OR (i.desired = 'replace' AND EXISTS (
           SELECT 1 FROM instances successor WHERE successor.worker_id = i.worker_id AND successor.slot = i.slot
             AND successor.desired = 'running' AND successor.state NOT IN ('stopped', 'failed')
             AND successor.host = ANY($1))) AS goes,
         i.spec -> 'check' ->> 'kind' = 'running' AS "runningCheck"
       FROM instances i JOIN workers w ON w.id = i.worker_id
       WHERE i.state <> 'stopped' AND i.host = ANY($1) ORDER BY i.id`,
      [hosts],
    );
    return rows.map(({ memoryMb, cpus, ...rest }) => ({ ...rest, resources: { memoryMb, cpus } }));
  }

  /** Who waits for room in a pool; `hosts` are those that it has: what is on others has no place in it. */
  async waiting(pool: WhereIsPool, hosts: readonly string[]): Promise<readonly WaitingRoom[]> {
    const [deploys, slots] = await Promise.all([this.deploys(pool), this.emptySlots(pool, hosts)]);
    return [...deploys, ...slots];
  }

  private async deploys({ stackId, environmentId }: WhereIsPool): Promise<WaitingRoom[]> {
    const rows = await this.dataSource.query<DeployRead[]>(
      `SELECT d.id, a.id AS app, a.name, d.room_wanted AS wanted FROM deploys d JOIN apps a ON a.id = d.app_id
       WHERE a.stack_id = $1 AND d.environment_id = $2 AND d.state IN ('created', 'building') AND NOT d.queued
         AND d.room_wanted IS NOT NULL AND d.cancel_requested_at IS NULL ORDER BY d.id`,
      [stackId, environmentId],
    );
    return rows.flatMap(({ id, app, name, wanted }) =>
      wanted.map(({ workerId, ...room }) => ({ who: `deploy ${id} of ${name}`, app, group: workerId, ...room })),
    );
  }

  /**
   * Slots of workers that should run and have no instance, or one on a host that nobody knows. While a deploy goes on it
   * decides on them; what it was given room for is reserved.
   */
  private async emptySlots({ stackId, environmentId }: WhereIsPool, hosts: readonly string[]): Promise<WaitingRoom[]> {
    const rows = await this.dataSource.query<SlotsRead[]>(EMPTY_SLOTS, [stackId, environmentId, hosts]);
    return rows.map(({ name, worker, memoryMb, cpus, app, group, count }) => ({
      ...{ who: `${worker} of ${name}`, app, group, worker, count },
      each: { memoryMb, cpus },
      needsTcpDocker: worker !== WEB_WORKER,
    }));
  }
}

const EMPTY_SLOTS = `
  SELECT w.id AS "group", w.name AS worker, a.id AS app, a.name,
    COALESCE((frozen.spec -> 'resources' ->> 'memoryMb')::int, w.memory_mb) AS "memoryMb",
    COALESCE((frozen.spec -> 'resources' ->> 'cpus')::float8, w.cpus) AS cpus,
    w.scale - count(DISTINCT i.slot)::int AS count
  FROM workers w
  JOIN apps a ON a.id = w.app_id AND a.stack_id = $1 AND a.deleted_at IS NULL
  JOIN LATERAL (SELECT d.workers, d.created_at FROM deploys d
    WHERE d.app_id = a.id AND d.environment_id = $2 AND d.state = 'deployed' ORDER BY d.id DESC LIMIT 1) release ON true
  LEFT JOIN LATERAL (SELECT spec FROM jsonb_array_elements(release.workers) AS spec
    WHERE spec ->> 'name' = w.name) frozen ON true
  LEFT JOIN instances i ON i.worker_id = w.id AND i.state NOT IN ('stopped', 'failed') AND i.desired <> 'stopped'
    AND i.host = ANY($3)
  WHERE w.environment_id = $2 AND w.scale > 0
    AND (frozen.spec IS NOT NULL OR release.workers IS NULL OR w.created_at > release.created_at)
    AND NOT EXISTS (SELECT 1 FROM deploys d
      WHERE d.app_id = a.id AND d.environment_id = $2 AND d.state = 'deploying')
  GROUP BY w.id, a.id, frozen.spec
  HAVING w.scale > count(DISTINCT i.slot)
  ORDER BY w.id`;

interface InstanceRead extends Omit<PoolInstance, 'resources'> {
  readonly memoryMb: number;
  readonly cpus: number;
}

interface DeployRead {
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly wanted: readonly RoomWanted[];
}

interface SlotsRead extends Resources {
  readonly group: string;
  readonly worker: string;
  readonly app: string;
  readonly name: string;
  readonly count: number;
}
