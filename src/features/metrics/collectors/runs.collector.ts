import { Injectable } from '@nestjs/common';
import { RUN_OUTCOMES, runLifecycle } from '../../../domain/run/run-lifecycle.js';
import { RunFigures } from '../../../store/figures/run-figures.js';
import { type Collector, type Figure, type Spread, spreadOf } from '../figure.js';

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
    return [...inProgress, ...(await this.settled())];
  }

  private async settled(): Promise<(Figure | Spread)[]> {
    const settled = new Map((await this.figures.settled.read()).map((each) => [each.labels[0], each]));
    return RUN_OUTCOMES.flatMap((outcome) => {
      const each = settled.get(outcome);
      const total: Figure = { metric: 'jockey_runs_settled_total', labels: { outcome }, value: each?.count ?? 0 };
      return each === undefined ? [total] : [total, spreadOf('jockey_run_duration_seconds', { outcome }, each)];
    });
  }
}
