/**
 * Measures a scrape of `GET /metrics` as Postgres feels it: 1,000 instances that run, and a history of 100,000 builds and
 * deploys. Target: under 250 ms after the first. The floor of the same run is one `SELECT 1` for each question. Ends with
 * 1 when the target is missed. Run: `DATABASE_URL=… npm run bench:scrape`, or with other numbers
 * `npm run bench:scrape -- 10000 1000000`.
 */
import { expositionOf } from '../src/features/metrics/exposition.js';
import { DeliveriesCollector } from '../src/features/metrics/collectors/deliveries.collector.js';
import { HostsCollector } from '../src/features/metrics/collectors/hosts.collector.js';
import { PlacesCollector } from '../src/features/metrics/collectors/places.collector.js';
import { WorkCollector } from '../src/features/metrics/collectors/work.collector.js';
import type { Collector } from '../src/features/metrics/figure.js';
import { FigureReader } from '../src/store/figures/figure-reader.js';
import { PlaceFigures } from '../src/store/figures/place-figures.js';
import { WorkFigures } from '../src/store/figures/work-figures.js';
import { machineLine } from './machine.js';
import { median } from './median.js';
import { scrapeWorld } from './scrape-world.js';
import { grouped, tableOf } from './table.js';

const [, , INSTANCES = '1000', HISTORY = '100000'] = process.argv;
const SCRAPES = 20;
/** In milliseconds. */
const TARGET = 250;
/** Questions of one scrape. */
const QUESTIONS = 13;

const server = process.env['DATABASE_URL'];
if (server === undefined) throw new Error('DATABASE_URL should name a Postgres in which databases may be made');

async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

async function often(run: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let scrape = 0; scrape < SCRAPES; scrape += 1) all.push(await timed(run));
  return median(all);
}

const world = await scrapeWorld(server, { instances: Number(INSTANCES), history: Number(HISTORY) });
try {
  const reader = new FigureReader(world.dataSource);
  const places = new PlaceFigures(reader);
  const collectors: readonly Collector[] = [
    new WorkCollector(new WorkFigures(reader)),
    ...[new PlacesCollector(places), new HostsCollector(places), new DeliveriesCollector(places)],
  ];
  let text = '';
  const scrape = async (): Promise<void> => {
    const figures = [];
    for (const collector of collectors) figures.push(...(await collector.read()));
    text = expositionOf(figures);
  };
  const floor = await often(async () => {
    for (let question = 0; question < QUESTIONS; question += 1) await reader.rows('SELECT 1');
  });
  const first = await timed(scrape);
  const next = await often(scrape);
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  const kilobytes = Math.round(text.length / 1024);
  console.log(`${grouped(Number(INSTANCES))} instances, ${grouped(Number(HISTORY))} builds and as many deploys`);
  const ms = (value: number): string => `${Math.round(value)} ms`;
  console.log(
    tableOf([
      { what: 'floor', time: ms(floor) },
      { what: 'first scrape of a process', time: ms(first) },
      { what: `median of the next ${SCRAPES}`, time: ms(next) },
    ]),
  );
  console.log(`${grouped(series)} series, ${grouped(kilobytes)} KB; ${machineLine()}`);
  if (next > TARGET) process.exitCode = 1;
} finally {
  await world.drop();
}
