import { Injectable } from '@nestjs/common';
import { RUN_OUTCOMES, runLifecycle } from '../../../domain/run/run-lifecycle.js';
import { RunFigures } from '../../../store/figures/run-figures.js';
import { type Collector, type Figure, settledFigures, type Spread } from '../figure.js';

const SETTLED = {
  total: 'jockey_runs_settled_total',
  lengths: 'jockey_run_duration_seconds',
  label: 'outcome',
} as const;

/** Commands that are run once: how many are not over, how the others ended, and how long they ran. */
@Injectable()
export class RunsCollector implements Collector {
  readonly name = 'runs';

  constructor(private readonly figures: RunFigures) {}

  async read(): Promise<readonly (Figure | Spread)[]> {
    const open = new Map((await this.figures.open()).map(({ state, count }) => [state, count]));
    const inProgress = runLifecycle.open.map((state): Figure => {
      return { metric: 'jockey_runs_in_progress', labels: { state }, value: open.get(state) ?? 0 };
    });
    return [...inProgress, ...settledFigures(SETTLED, RUN_OUTCOMES, await this.figures.settled.read())];
  }
}
