import { Inject, Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { pino } from 'pino';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { expositionOf } from './exposition.js';
import type { Collector, Figure, Spread } from './figure.js';

const log = pino({ name: 'metrics' });

/** Injection token of the list of all {@link Collector}s. */
export const COLLECTORS = Symbol('Collectors');

/** Gauges that are called as only counters may be; the same stands in others by kind. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

let ownFigures: Registry | null = null;

/** Memory, time and event loop of this process, counted once however many ask. */
function processFigures(): Registry {
  if (ownFigures !== null) return ownFigures;
  ownFigures = new Registry();
  collectDefaultMetrics({ register: ownFigures });
  for (const name of MISNAMED) ownFigures.removeSingleMetric(name);
  return ownFigures;
}

/**
 * The figures for Prometheus. Those of the installation are read from Postgres, so that every process gives the same;
 * one group after the other, so that a scrape never takes more than one connection for its questions.
 */
@Injectable()
export class MetricsService {
  private readonly process = processFigures();
  private readonly silent = new Set<string>();
  private underWay: Promise<string> | null = null;

  constructor(@Inject(COLLECTORS) private readonly collectors: readonly Collector[]) {}

  /** In the text format of Prometheus, as they are now. Who asks while it is read gets the same. */
  async text(): Promise<string> {
    this.underWay ??= this.read().finally(() => (this.underWay = null));
    return this.underWay;
  }

  private async read(): Promise<string> {
    const figures: (Figure | Spread)[] = [];
    for (const collector of this.collectors) figures.push(...(await this.readOne(collector)));
    return `${expositionOf(figures)}${await this.process.metrics()}`;
  }

  /** A group that cannot be read takes no other with it: that something is missing is a figure too. */
  private async readOne(collector: Collector): Promise<readonly (Figure | Spread)[]> {
    const begin = performance.now();
    const read = await collector.read().catch((error: unknown) => this.complain(collector, error));
    if (read !== null) this.silent.delete(collector.name);
    const labels = { collector: collector.name };
    return [
      ...(read ?? []),
      { metric: 'jockey_collector_up', labels, value: Number(read !== null) },
      { metric: 'jockey_collector_seconds', labels, value: (performance.now() - begin) / 1000 },
    ];
  }

  /** Once an outage: scrapes come every few seconds. */
  private complain({ name }: Collector, error: unknown): null {
    if (!this.silent.has(name)) log.warn({ collector: name, error: sentenceOf(error) }, 'figures cannot be read');
    this.silent.add(name);
    return null;
  }
}
