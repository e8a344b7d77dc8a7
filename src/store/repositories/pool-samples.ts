import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PoolSampleRow } from '../entities/index.js';

/** How full a pool is. */
export type PoolSample = Omit<PoolSampleRow, 'poolId' | 'at'>;

/** Samples are kept for so many days. */
const KEPT_DAYS = 90;

/** How full pools were over time, a sample a minute. */
@Injectable()
export class PoolSamples {
  constructor(private readonly dataSource: DataSource) {}

  /** Keeps the first of each minute, by the database's clock, and forgets what is too old. */
  async keep(poolId: string, sample: PoolSample): Promise<void> {
    const { manager } = this.dataSource;
    const at = () => `date_trunc('minute', now())`;
    const written = await manager
      .createQueryBuilder()
      .insert()
      .into(PoolSampleRow)
      .values({ poolId, at, ...sample })
      .orIgnore()
      .returning('pool_id')
      .execute();
    if ((written.raw as unknown[]).length === 0) return;
    await manager.query(`DELETE FROM pool_samples WHERE pool_id = $1 AND at < now() - make_interval(days => $2)`, [
      poolId,
      KEPT_DAYS,
    ]);
  }
}
