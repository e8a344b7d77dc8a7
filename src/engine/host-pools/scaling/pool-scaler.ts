import { Injectable } from '@nestjs/common';
import type { PoolSight } from '../../../observation/pool-sights.js';
import type { HostPoolRow } from '../../../store/entities/index.js';

/**
 * Gives a pool as many hosts as are needed: called at the end of each look at it, under the lease `host_pool:ID`. It
 * writes what should be (the desired count, who leaves, who may stay), and why; emptying and ending hosts is the look's.
 */
@Injectable()
export class PoolScaler {
  /** Decides from what was seen; never throws for what the group refuses: that becomes the pool's trouble. */
  async scale(pool: HostPoolRow, sight: PoolSight): Promise<void> {
    await Promise.resolve({ pool, sight });
  }
}
