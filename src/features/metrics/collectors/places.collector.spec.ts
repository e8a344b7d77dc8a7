import { describe, expect, it } from 'vitest';
import type { PlaceFigures, WorkerFigures } from '../../../store/figures/place-figures.js';
import { MOST_PLACES, MOST_WORKERS, OTHER, withinNames } from '../bounded.js';
import type { Figure } from '../figure.js';
import { PlacesCollector } from './places.collector.js';

const worker = (number: number, also: Partial<WorkerFigures> = {}): WorkerFigures => ({
  ...{ app: `app-${number}`, environment: 'production', worker: 'web', wanted: 1, running: 1, moving: false },
  ...also,
});

const read = (workers: readonly WorkerFigures[]): Promise<readonly Figure[]> =>
  new PlacesCollector({ workers: async () => workers, instanceStates: async () => [] } as never as PlaceFigures).read();

const valueOf = (figures: readonly Figure[], metric: string, labels: Readonly<Record<string, string>>): number | null =>
  figures.find((each) => each.metric === metric && JSON.stringify(each.labels) === JSON.stringify(labels))?.value ??
  null;

describe('figures of workers', () => {
  it('never are more series than the limit, and lose nothing of the sums', async () => {
    const workers = Array.from({ length: MOST_WORKERS + 10 }, (_, number) => worker(number, { running: 0 }));
    const figures = await read(workers);
    expect(figures.filter(({ metric }) => metric === 'jockey_instances_wanted')).toHaveLength(MOST_WORKERS + 1);
    const rest = { app: OTHER, environment: OTHER, worker: OTHER };
    expect(valueOf(figures, 'jockey_instances_wanted', rest)).toBe(10);
    expect(valueOf(figures, 'jockey_instances_running', rest)).toBe(0);
    expect(valueOf(figures, 'jockey_instances_missing', { environment: 'production' })).toBe(MOST_WORKERS + 10);
  });

  it('tell drift both ways, but what lacks only one way', async () => {
    const figures = await read([
      worker(1, { running: 0 }),
      worker(2, { running: 3 }),
      worker(3),
      worker(4, { running: 0, moving: true }),
    ]);
    expect(valueOf(figures, 'jockey_drifted_workers', { environment: 'production' })).toBe(2);
    expect(valueOf(figures, 'jockey_instances_missing', { environment: 'production' })).toBe(1);
  });

  it('put environments beyond the limit together', () => {
    const names = Array.from({ length: MOST_PLACES + 1 }, (_, number) => `place-${100 + number}`);
    const named = withinNames(names, MOST_PLACES);
    expect([named('place-100'), named(`place-${100 + MOST_PLACES}`)]).toEqual(['place-100', OTHER]);
  });
});
