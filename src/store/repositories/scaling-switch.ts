import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ScalingMode } from '../../domain/host-pool/host-pool.js';
import { presentCaller } from '../present-caller.js';

/** The switch that turns all automatic scaling into advice. */
@Injectable()
export class ScalingSwitch {
  constructor(private readonly dataSource: DataSource) {}

  /** Turns it; one that stands so already keeps who turned it. */
  async turn(mode: ScalingMode): Promise<void> {
    await this.dataSource.query(
      `UPDATE scaling_settings SET mode = $1, changed_by = $2, updated_at = now() WHERE id = 1 AND mode <> $1`,
      [mode, presentCaller()?.name ?? null],
    );
  }
}
