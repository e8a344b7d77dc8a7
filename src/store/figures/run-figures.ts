import { Injectable } from '@nestjs/common';
import { runLifecycle } from '../../domain/run/run-lifecycle.js';
import { FigureReader } from './figure-reader.js';
import { SettledSpread } from './settled-spread.js';

/** Lengths that runs are sorted by, in seconds: from a look at a table to a migration of hours. */
export const RUN_LIMITS = [1, 5, 10, 30, 60, 300, 900, 1_800, 3_600, 10_800] as const;

/** Runs in one state. */
export interface OpenRuns {
  readonly state: string;
  readonly count: number;
}

/** Commands that are run once: those that are not over, and what has become of the others. */
@Injectable()
export class RunFigures {
  /** By outcome, with the time from the beginning to the end. */
  readonly settled: SettledSpread;

  constructor(private readonly reader: FigureReader) {
    this.settled = new SettledSpread(reader, {
      ...{ from: 'runs it', at: 'it.completed_at', seconds: 'extract(epoch FROM it.completed_at - it.started_at)' },
      ...{ labels: ['it.outcome'], limits: RUN_LIMITS },
    });
  }

  /** Those that are not over. */
  async open(): Promise<readonly OpenRuns[]> {
    return this.reader.rows<OpenRuns>(
      `SELECT state, count(*)::int AS count FROM runs WHERE state = ANY($1) GROUP BY state`,
      [runLifecycle.open],
    );
  }
}
