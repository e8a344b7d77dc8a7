import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PoolSampleRow } from '../entities/index.js';

/** How full a pool is. */
export type PoolSample = Omit<PoolSampleRow, 'poolId' | 'at'>;

/** From when to when samples are read, and how much time each stands for. */
export interface SampleSpan {
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
  /** 60 and up. */
  readonly stepSeconds: number;
}

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

  /** Samples of a pool by steps, oldest first: each the mean of its step, and of what waits the most. */
  async between(
    poolId: string,
    { from, to, stepSeconds }: SampleSpan,
  ): Promise<readonly (PoolSample & { at: Date })[]> {
    return this.dataSource.query(
      `SELECT to_timestamp(floor(EXTRACT(EPOCH FROM at) / $4) * $4) AS at, round(avg(desired_hosts))::int AS "desiredHosts",
         round(avg(hosts))::int AS hosts, round(avg(memory_mb))::int AS "memoryMb", avg(cpus)::float8 AS cpus,
         round(avg(reserved_memory_mb))::int AS "reservedMemoryMb", avg(reserved_cpus)::float8 AS "reservedCpus",
         round(avg(instances))::int AS instances, max(waiting) AS waiting
       FROM pool_samples WHERE pool_id = $1 AND at >= $2 AND at < $3 GROUP BY 1 ORDER BY 1`,
      [poolId, from, to, stepSeconds],
    );
  }
}
