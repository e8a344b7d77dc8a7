import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Of which pool and time, and how finely. */
export interface HistoryWanted {
  readonly poolId: string;
  readonly from: Date;
  readonly to: Date;
  /** Seconds between two points. */
  readonly step: number;
}

/** How full a pool was, on average over one step. */
export interface PoolPoint {
  readonly at: Date;
  /** The most within the step. */
  readonly desiredHosts: number;
  readonly hosts: number;
  readonly memoryMb: number;
  readonly cpus: number;
  readonly reservedMemoryMb: number;
  readonly reservedCpus: number;
  readonly instances: number;
  /** The most within the step. */
  readonly waiting: number;
  /** How many minutes of it are known. */
  readonly samples: number;
}

/** Reads how full pools were. */
@Injectable()
export class PoolHistory {
  constructor(private readonly dataSource: DataSource) {}

  /** The steps of which something is known, oldest first. Steps begin at multiples of their length since 1970. */
  async read({ poolId, from, to, step }: HistoryWanted): Promise<PoolPoint[]> {
    return this.dataSource.query<PoolPoint[]>(
      `SELECT date_bin(make_interval(secs => $4), at, 'epoch'::timestamptz) AS at,
         max(desired_hosts) AS "desiredHosts", avg(hosts)::float AS hosts,
         avg(memory_mb)::float AS "memoryMb", avg(cpus)::float AS cpus,
         avg(reserved_memory_mb)::float AS "reservedMemoryMb", avg(reserved_cpus)::float AS "reservedCpus",
         avg(instances)::float AS instances, max(waiting) AS waiting, count(*)::int AS samples
       FROM pool_samples WHERE pool_id = $1 AND at >= $2 AND at < $3 GROUP BY 1 ORDER BY 1`,
      [poolId, from, to, step],
    );
  }
}
