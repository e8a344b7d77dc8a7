import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Instance, InstanceFailure } from '../../domain/instance/instance.js';
import { instanceLifecycle, type InstanceState } from '../../domain/instance/instance-lifecycle.js';
import { InstanceRow } from '../entities/index.js';
import type { Lease } from '../leases.js';
import { tellOfInstances, tellOfLive, tellOfMove } from './tell-of-instances.js';

/** What a new instance is written with. */
export type NewInstance = Pick<
  InstanceRow,
  | 'appId'
  | 'environmentId'
  | 'workerId'
  | 'deployId'
  | 'slot'
  | 'attempt'
  | 'containerName'
  | 'host'
  | 'hostPort'
  | 'spec'
  | 'wave'
  | 'standby'
>;

/** A step of an instance into its next state, with what became known by it. */
export interface InstanceMove {
  readonly instance: Instance;
  readonly to: InstanceState;
  readonly containerId?: string;
  readonly failure?: InstanceFailure;
}

/** The column that keeps the time of a state. */
const TIME_OF: Partial<Record<InstanceState, string>> = {
  started: 'started_at',
  healthy: 'healthy_at',
  draining: 'draining_at',
  failed: 'ended_at',
  stopped: 'ended_at',
};

/** Writes of instances. All are compare-and-set under a lease: a stale or overtaken engine writes nothing. */
@Injectable()
export class Instances {
  constructor(private readonly dataSource: DataSource) {}

  /** Moves an instance forward; false when it was not in the state it was seen in, or the lease is lost. */
  async move(lease: Lease, move: InstanceMove): Promise<boolean> {
    const { instance, to } = move;
    if (!instanceLifecycle.canMove(instance.state, to))
      throw new Error(`instance ${instance.id}: ${to} may not follow ${instance.state}`);
    return this.dataSource.transaction(async (manager) => {
      const isMoved = await moveIn(manager, lease, move);
      if (isMoved) await tellOfMove(manager, { id: instance.id, before: instance.state });
      return isMoved;
    });
  }

  /** Says that instances should be stopped. There is no way back from it. */
  async stop(instances: readonly Instance[]): Promise<void> {
    if (instances.length === 0) return;
    await this.dataSource.query(`UPDATE instances SET desired = 'stopped' WHERE id = ANY($1)`, [
      instances.map(({ id }) => id),
    ]);
  }

  /** Gives one that stood by to traffic; false when it was not in the state it was seen in, or the lease is lost. */
  async putIn(lease: Lease, { id }: Instance): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const rows = await manager.query<unknown[]>(
        `WITH moved AS (
           UPDATE instances SET standby = false, live_at = now() WHERE id = $1 AND state = 'healthy' AND standby
             AND EXISTS (SELECT 1 FROM leases WHERE key = $2 AND holder = $3 AND token = $4 AND expires_at > now())
           RETURNING 1)
         SELECT * FROM moved`,
        [id, lease.key, lease.holder, lease.token],
      );
      if (rows.length === 1) await tellOfLive(manager, id);
      return rows.length === 1;
    });
  }

  /** Says that others take the place of these, which serve until then. Part of the transaction that places the others. */
  static async replace(manager: EntityManager, instances: readonly Instance[]): Promise<void> {
    const ids = instances.map(({ id }) => id);
    await manager.query(`UPDATE instances SET desired = 'replace' WHERE id = ANY($1) AND desired = 'running'`, [ids]);
  }

  /** Ends those that nothing can be done for any more: they should be stopped, and their host is gone for good. */
  async writeOff(lease: Lease, instances: readonly Instance[]): Promise<void> {
    if (instances.length === 0) return;
    await this.dataSource.transaction(async (manager) => {
      const ended = await manager.query<{ id: string }[]>(
        `WITH ended AS (
           UPDATE instances SET state = 'stopped', ended_at = COALESCE(ended_at, now())
           WHERE id = ANY($1) AND desired = 'stopped' AND state <> 'stopped'
             AND EXISTS (SELECT 1 FROM leases WHERE key = $2 AND holder = $3 AND token = $4 AND expires_at > now())
           RETURNING id)
         SELECT * FROM ended`,
        [instances.map(({ id }) => id), lease.key, lease.holder, lease.token],
      );
      const ids = new Set(ended.map(({ id }) => id));
      for (const { id, state } of instances) if (ids.has(id)) await tellOfMove(manager, { id, before: state });
    });
  }

  /** Gives a not yet started instance another port of its host, when its own is taken there by something else. */
  async changePort(instance: Instance, hostPort: number): Promise<void> {
    await this.dataSource.query(`UPDATE instances SET host_port = $2 WHERE id = $1 AND state = 'planned'`, [
      instance.id,
      hostPort,
    ]);
  }

  /** Reserves places for new instances. */
  static async insert(manager: EntityManager, instances: readonly NewInstance[]): Promise<void> {
    if (instances.length === 0) return;
    const rows = instances.map((each) => ({
      ...each,
      memoryMb: each.spec.resources.memoryMb,
      cpus: each.spec.resources.cpus,
    }));
    const insert = manager.createQueryBuilder().insert().into(InstanceRow).values(rows).updateEntity(false);
    const { raw } = await insert.returning('id').execute();
    await tellOfInstances(
      manager,
      (raw as { id: string }[]).map(({ id }) => id),
    );
  }
}

/** True in SQL while the lease given as $6, $7, $8 is held. */
const HELD_LEASE = `EXISTS (SELECT 1 FROM leases WHERE key = $6 AND holder = $7 AND token = $8 AND expires_at > now())`;

async function moveIn(manager: EntityManager, lease: Lease, move: InstanceMove): Promise<boolean> {
  const { instance, to } = move;
  const time = TIME_OF[to] ?? 'ended_at';
  const rows = await manager.query<unknown[]>(
    `WITH moved AS (
       UPDATE instances SET state = $3, ${time} = COALESCE(${time}, now()), container_id = COALESCE($4, container_id),
         failure = COALESCE($5::jsonb, failure),
         live_at = CASE WHEN $3 = 'healthy' AND NOT standby THEN COALESCE(live_at, now()) ELSE live_at END
       WHERE id = $1 AND state = $2 AND ${HELD_LEASE} RETURNING 1)
     SELECT * FROM moved`,
    [
      instance.id,
      instance.state,
      to,
      move.containerId ?? null,
      move.failure === undefined ? null : JSON.stringify(move.failure),
      lease.key,
      lease.holder,
      lease.token,
    ],
  );
  return rows.length === 1;
}

/** A row as the domain sees it. */
export function instanceOf(row: InstanceRow): Instance {
  const { id, appId, environmentId, workerId, deployId, slot, attempt, containerName, host, hostPort } = row;
  const { spec, desired, state, failure, wave, standby } = row;
  return {
    ...{ id, appId, environmentId, workerId, deployId, slot, attempt, containerName, host, hostPort },
    ...{ spec, desired, state, failure, wave, standby },
    plannedAt: row.plannedAt.getTime(),
    liveAt: row.liveAt?.getTime() ?? null,
    startedAt: row.startedAt?.getTime() ?? null,
    healthyAt: row.healthyAt?.getTime() ?? null,
    drainingAt: row.drainingAt?.getTime() ?? null,
    endedAt: row.endedAt?.getTime() ?? null,
  };
}
