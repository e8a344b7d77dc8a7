import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HostPoolRow } from '../entities/index.js';
import { tellOfPool } from './tell.js';

/** What stands in the way of pools. */
@Injectable()
export class PoolTroubles {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Keeps why a pool cannot be scaled or looked at, a sentence; null where nothing stands in its way any more. The same
   * trouble again changes nothing; since when there is one stays while its words change; one that is new is told of.
   */
  async keep(poolId: string, trouble: string | null): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const pool = await manager.findOne(HostPoolRow, {
        where: { id: poolId },
        lock: { mode: 'pessimistic_write' },
      });
      if (pool === null || pool.trouble === trouble) return;
      await manager.query(
        `UPDATE host_pools SET trouble = $2,
           trouble_since = CASE WHEN $2::text IS NULL THEN NULL ELSE COALESCE(trouble_since, now()) END
         WHERE id = $1`,
        [poolId, trouble],
      );
      if (trouble !== null && pool.trouble === null)
        await tellOfPool(manager, 'host_pool.trouble', { pool, data: { reason: trouble } });
    });
  }
}
