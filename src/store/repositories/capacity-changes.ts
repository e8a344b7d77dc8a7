import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CapacityCause } from '../../domain/capacity/capacity-cause.js';
import { CapacityChangeRow, HostPoolRow } from '../entities/index.js';
import { tellOfPool } from './tell.js';

/** A change of the desired count of a pool, or what would have been one. */
export interface NewCapacityChange {
  readonly poolId: string;
  readonly fromHosts: number;
  readonly toHosts: number;
  readonly cause: CapacityCause;
  /** A sentence. */
  readonly reason: string;
  /** False where it is only advice. */
  readonly applied: boolean;
  /** Who asked, as the audit names them; null for Jockey itself. */
  readonly requestedBy: string | null;
}

/** Why pools are as big as they are. */
@Injectable()
export class CapacityChanges {
  /** Writes a change down, and tells of it where it is one: call it in the transaction that makes it. */
  static async write(manager: EntityManager, change: NewCapacityChange): Promise<void> {
    await manager.insert(CapacityChangeRow, change);
    if (!change.applied) return;
    const pool = await manager.findOneByOrFail(HostPoolRow, { id: change.poolId });
    const { fromHosts, toHosts, cause, reason } = change;
    const data = { from_hosts: fromHosts, to_hosts: toHosts, cause, reason };
    await tellOfPool(manager, 'host_pool.scaled', { pool, data });
  }
}
