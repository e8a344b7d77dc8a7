import type { EntityManager } from 'typeorm';
import type { PoolHostRecord } from '../../domain/host-pool/pool-sight.js';
import type { PoolHostRow } from '../entities/index.js';
import { tellingOfHosts } from './tell-of-hosts.js';

/** A cordon of the leaving ends with it; that of an operator stays, and only the emptying that came later ends. */
export async function takeBack(
  manager: EntityManager,
  { host, reason, since }: { readonly host: string; readonly reason: string; readonly since: Date },
): Promise<void> {
  await tellingOfHosts(manager, [host], () =>
    manager.query(
      `UPDATE hosts SET drain_requested_at = CASE WHEN reason IS NOT DISTINCT FROM $2 OR drain_requested_at >= $3
           THEN NULL ELSE drain_requested_at END,
         cordoned = cordoned AND reason IS DISTINCT FROM $2, reason = NULLIF(reason, $2), version = version + 1
       WHERE name = $1`,
      [host, reason, since],
    ),
  );
}

/** A host of a pool, of its row. */
export function recordOf(row: PoolHostRow): PoolHostRecord {
  return {
    id: row.id,
    instanceId: row.instanceId,
    host: row.host,
    lifecycleState: row.lifecycleState,
    instanceType: row.instanceType,
    zone: row.zone,
    address: row.address,
    protected: row.protected,
    launchedAt: row.launchedAt.getTime(),
    joinedAt: row.joinedAt?.getTime() ?? null,
    leavingCause: row.leavingCause,
    leavingReason: row.leavingReason,
    leavingSince: row.leavingSince?.getTime() ?? null,
    heartbeatAt: row.heartbeatAt?.getTime() ?? null,
    releasedAt: row.releasedAt?.getTime() ?? null,
    trouble: row.trouble,
  };
}
