import { Injectable } from '@nestjs/common';
import { instanceLifecycle } from '../../../domain/instance/instance-lifecycle.js';
import { PlaceFigures, type WorkerFigures } from '../../../store/figures/place-figures.js';
import { MOST_PLACES, MOST_WORKERS, OTHER, splitAt, sumOf, withinNames } from '../bounded.js';
import type { Collector, Figure, Labels } from '../figure.js';

const UNSEEN = { app: OTHER, environment: OTHER, worker: OTHER };

/** Instances wanted and running, and the drift between them. */
@Injectable()
export class PlacesCollector implements Collector {
  readonly name = 'instances';

  constructor(private readonly figures: PlaceFigures) {}

  async read(): Promise<readonly Figure[]> {
    const workers = await this.figures.workers();
    return [...(await this.states()), ...workersOf(workers), ...driftOf(workers)];
  }

  private async states(): Promise<Figure[]> {
    const counts = new Map((await this.figures.instanceStates()).map(({ state, count }) => [state, count]));
    return instanceLifecycle.states
      .filter((state) => state !== 'stopped')
      .map((state) => ({ metric: 'jockey_instances', labels: { state }, value: counts.get(state) ?? 0 }));
  }
}

function workersOf(workers: readonly WorkerFigures[]): Figure[] {
  const [first, rest] = splitAt(workers, MOST_WORKERS);
  const own = first.flatMap(({ app, environment, worker, ...counts }) =>
    countsOf({ app, environment, worker }, counts),
  );
  if (rest.length === 0) return own;
  const counts = { wanted: sumOf(rest, ({ wanted }) => wanted), running: sumOf(rest, ({ running }) => running) };
  return [...own, ...countsOf(UNSEEN, counts)];
}

const countsOf = (labels: Labels, { wanted, running }: Pick<WorkerFigures, 'wanted' | 'running'>): Figure[] => [
  { metric: 'jockey_instances_wanted', labels, value: wanted },
  { metric: 'jockey_instances_running', labels, value: running },
];

/** Of all workers, however many: what no series shows by itself must still be able to alarm. */
function driftOf(workers: readonly WorkerFigures[]): Figure[] {
  const named = withinNames(
    workers.map(({ environment }) => environment),
    MOST_PLACES,
  );
  const environments = [...new Set(workers.map(({ environment }) => named(environment)))];
  return environments.flatMap((environment): Figure[] => {
    const off = workers.filter(
      (each) => named(each.environment) === environment && !each.moving && each.running !== each.wanted,
    );
    const missing = sumOf(off, ({ wanted, running }) => Math.max(0, wanted - running));
    return [
      { metric: 'jockey_drifted_workers', labels: { environment }, value: off.length },
      { metric: 'jockey_instances_missing', labels: { environment }, value: missing },
    ];
  });
}
