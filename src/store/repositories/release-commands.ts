import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ReleaseCommandRun } from '../../domain/deploy/deploy-lifecycle.js';
import type { Lease } from '../leases.js';

/** Writes of what became of a deploy's release command: compare-and-set under a lease, as those of instances. */
@Injectable()
export class ReleaseCommands {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes the first word of it; false when there is one already, the deploy is over, or the lease is lost. */
  begin(lease: Lease, deployId: string, run: ReleaseCommandRun): Promise<boolean> {
    return this.write('release_command IS NULL', { lease, deployId, run });
  }

  /** Writes how it ended; false when that is written already, or the lease is lost. */
  end(lease: Lease, deployId: string, run: ReleaseCommandRun): Promise<boolean> {
    return this.write(RUNNING, { lease, deployId, run });
  }

  /** Whether it is still written as running, and under this lease: asked right before its container is started. */
  async isRunning(lease: Lease, deployId: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM deploys WHERE id = $1 AND state = 'deploying' AND ${RUNNING} AND ${HELD_LEASE}`,
      [deployId, lease.key, lease.holder, lease.token],
    );
    return rows.length === 1;
  }

  private async write(condition: string, { lease, deployId, run }: Written): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH written AS (
         UPDATE deploys SET release_command = $5::jsonb, updated_at = now()
         WHERE id = $1 AND state = 'deploying' AND ${condition} AND ${HELD_LEASE} RETURNING 1)
       SELECT * FROM written`,
      [deployId, lease.key, lease.holder, lease.token, JSON.stringify(run)],
    );
    return rows.length === 1;
  }
}

interface Written {
  readonly lease: Lease;
  readonly deployId: string;
  readonly run: ReleaseCommandRun;
}

const RUNNING = `release_command ->> 'state' = 'running'`;

/** True in SQL while the lease given as $2, $3, $4 is held. */
const HELD_LEASE = `EXISTS (SELECT 1 FROM leases WHERE key = $2 AND holder = $3 AND token = $4 AND expires_at > now())`;
