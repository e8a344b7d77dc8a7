import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { CapacityCause } from '../../domain/capacity/capacity-cause.js';
import type { CapacityDecision } from '../../domain/capacity/capacity.js';
import { HostPoolRow, type PoolAdvice } from '../entities/index.js';
import { CapacityChanges } from './capacity-changes.js';
import { PoolHosts } from './pool-hosts.js';

/** A decision on a pool, by which of its hosts it is about. */
export interface PoolDecision {
  /** The pool as it was when it was decided on. */
  readonly pool: HostPoolRow;
  readonly decision: CapacityDecision;
  /** Ids of the records of the hosts that leave. */
  readonly leave: readonly string[];
  /** Ids of the records of those that stay after all. */
  readonly stay: readonly string[];
}

/** A count that somebody else gave a group. */
export interface GivenCount {
  readonly desired: number;
  readonly reason: string;
}

/** Writes what is decided about the size of pools. A decision on a pool that has changed meanwhile is not written. */
@Injectable()
export class PoolScalings {
  constructor(
    private readonly dataSource: DataSource,
    private readonly poolHosts: PoolHosts,
  ) {}

  /** Makes a decision what should be: the count, who leaves, who stays. False where the pool was changed meanwhile. */
  async apply({ pool, decision, leave, stay }: PoolDecision): Promise<boolean> {
    return this.unchanged(pool, async (manager) => {
      const changes = decision.cause !== null && decision.desired !== pool.desiredHosts;
      if (changes) await this.setCount(manager, pool, { ...decision, cause: decision.cause });
      await keepAdvice(manager, pool, decision);
      const because = { cause: 'scale_in', reason: decision.reason } as const;
      for (const id of stay) await this.poolHosts.stay(manager, id);
      for (const id of leave) await this.poolHosts.leave(manager, id, because);
    });
  }

  /** Keeps a decision as advice; each new one is written down once, however often it is given. */
  async advise(pool: HostPoolRow, decision: CapacityDecision): Promise<void> {
    await this.unchanged(pool, async (manager) => {
      await keepAdvice(manager, pool, decision);
      const isNew = pool.advice === null || pool.advice.desired !== decision.desired;
      if (!isNew || decision.cause === null || decision.desired === pool.desiredHosts) return;
      const { cause, reason, desired: toHosts } = decision;
      const change = { poolId: pool.id, fromHosts: pool.desiredHosts, toHosts, cause, reason };
      await CapacityChanges.write(manager, { ...change, applied: false, requestedBy: null });
    });
  }

  /** Takes over what somebody else made of the group's count. */
  async takeOver(pool: HostPoolRow, { desired, reason }: GivenCount): Promise<void> {
    await this.unchanged(pool, (manager) => this.setCount(manager, pool, { desired, cause: 'group', reason }));
  }

  /** Of a static pool: how many hosts there are. That is nobody's decision, so that no history is written. */
  async count(pool: HostPoolRow, hosts: number): Promise<void> {
    if (pool.desiredHosts === hosts) return;
    await this.dataSource.query('UPDATE host_pools SET desired_hosts = $2 WHERE id = $1', [pool.id, hosts]);
    pool.desiredHosts = hosts;
  }

  /** Keeps the count that the group was told, or has by itself. */
  async told(pool: HostPoolRow, hosts: number): Promise<void> {
    if (pool.toldHosts === hosts) return;
    await this.dataSource.query('UPDATE host_pools SET told_hosts = $2 WHERE id = $1', [pool.id, hosts]);
    pool.toldHosts = hosts;
  }

  private async setCount(
    manager: EntityManager,
    { id, desiredHosts }: HostPoolRow,
    { desired, cause, reason }: GivenCount & { readonly cause: CapacityCause },
  ): Promise<void> {
    await manager.query('UPDATE host_pools SET desired_hosts = $2, scaled_at = now() WHERE id = $1', [id, desired]);
    const change = { poolId: id, fromHosts: desiredHosts, toHosts: desired, cause, reason };
    await CapacityChanges.write(manager, { ...change, applied: true, requestedBy: null });
  }

  /** The row that is handed in is brought up to what was written. */
  private async unchanged(pool: HostPoolRow, write: (manager: EntityManager) => Promise<void>): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const row = await manager.findOne(HostPoolRow, {
        where: { id: pool.id, deletedAt: IsNull() },
        lock: { mode: 'pessimistic_write' },
      });
      if (row === null || row.version !== pool.version || row.desiredHosts !== pool.desiredHosts) return false;
      await write(manager);
      Object.assign(pool, await manager.findOneByOrFail(HostPoolRow, { id: pool.id }));
      return true;
    });
  }
}

/** What is the same as before is not written again: when it was said first is worth more. */
async function keepAdvice(manager: EntityManager, pool: HostPoolRow, decision: CapacityDecision): Promise<void> {
  const { desired, reason, leave, surplusSince } = decision;
  const said = pool.advice;
  const isSame = said?.desired === desired && said.reason === reason && said.leave.join() === leave.join();
  const advice: PoolAdvice | null = isSame ? said : { desired, reason, leave, at: new Date().toISOString() };
  const surplus = surplusSince === null ? null : new Date(surplusSince);
  if (isSame && pool.surplusSince?.getTime() === surplus?.getTime()) return;
  await manager.query('UPDATE host_pools SET advice = $2::jsonb, surplus_since = $3 WHERE id = $1', [
    pool.id,
    JSON.stringify(advice),
    surplus,
  ]);
}
