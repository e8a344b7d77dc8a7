import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ProbeResult } from '../../domain/deploy/deploy-lifecycle.js';

/** What probes saw of deploys. */
@Injectable()
export class ProbeResults {
  constructor(private readonly dataSource: DataSource) {}

  /** What is written of a deploy; null for nothing. */
  async of(deployId: string): Promise<ProbeResult | null> {
    const rows = await this.dataSource.query<{ probe: ProbeResult | null }[]>(
      'SELECT probe FROM deploys WHERE id = $1',
      [deployId],
    );
    return rows[0]?.probe ?? null;
  }

  /** Writes all that was seen until now. */
  async keep(deployId: string, result: ProbeResult): Promise<void> {
    await this.dataSource.query('UPDATE deploys SET probe = $2::jsonb WHERE id = $1', [
      deployId,
      JSON.stringify(result),
    ]);
  }
}
