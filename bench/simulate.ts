/**
 * Simulates what no machine of a test can hold: a day of 1,000 hosts and 30,000 containers with deploys, scales that follow
 * the hour, spot losses and failures, in simulated time over the real planners. Seeded: the same seed gives the same day.
 * Reports placements a second, moves, how long a container waits for a host, and violations of the named properties, of
 * which none is allowed: ends with 1 else. Run: `npm run bench:simulate`, and `npm run bench:simulate -- --days 1000` for
 * as many days of small worlds, each with a seed of its own.
 */
import { parseArgs } from 'node:util';
import { machineLine } from './machine.js';
import { simulateDay } from './simulate/sim-day.js';
import type { Tally } from './simulate/sim-state.js';
import { grouped, type Row, tableOf } from './table.js';

const { values } = parseArgs({
  options: {
    days: { type: 'string' },
    seed: { type: 'string', default: '20260101' },
    hosts: { type: 'string' },
    containers: { type: 'string' },
    hours: { type: 'string', default: '24' },
  },
});

/** In a small world little happens in a day: ten times as much is made to. */
const SMALL = { hosts: 12, containers: 300, trouble: 10 };
const LARGE = { hosts: 1_000, containers: 30_000, trouble: 1 };

function main(): number {
  const days = values.days === undefined ? 1 : whole('days', values.days);
  const world = values.days === undefined ? LARGE : SMALL;
  const hosts = values.hosts === undefined ? world.hosts : whole('hosts', values.hosts);
  const containers = values.containers === undefined ? world.containers : whole('containers', values.containers);
  const seed = whole('seed', values.seed);
  const hours = whole('hours', values.hours);
  console.log(
    `${grouped(days)} ${days === 1 ? 'day' : 'days'} of ${hours} hours, ${grouped(hosts)} hosts and about ` +
      `${grouped(containers)} containers, seed ${seed}. ${machineLine()}\n`,
  );
  const begun = performance.now();
  const tallies: Tally[] = [];
  for (let day = 0; day < days; day += 1) {
    const tally = simulateDay({ hosts, containers, hours, seed: seed + day, trouble: world.trouble });
    tallies.push(tally);
    for (const [property, count] of tally.violations) console.log(`seed ${seed + day}: ${count} × ${property}`);
  }
  return report(tallies, (performance.now() - begun) / 1000);
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} takes a whole number of 1 or more, not "${text}"`);
  return value;
}

function report(tallies: readonly Tally[], seconds: number): number {
  const total = (of: (tally: Tally) => number) => tallies.reduce((sum, tally) => sum + of(tally), 0);
  const times = tallies.flatMap(({ timesToPlace }) => timesToPlace).sort((one, other) => one - other);
  const decisions = tallies.flatMap((tally) => tally.decisions).sort((one, other) => one - other);
  const violations = total((tally) => [...tally.violations.values()].reduce((sum, count) => sum + count, 0));
  const placed = total(({ placements }) => placements);
  const rows: readonly (readonly [string, string])[] = [
    ['deploys', grouped(total(({ deploys }) => deploys))],
    ['of them begun later than the pool lets them wait', grouped(total(({ late }) => late))],
    ['of them refused for want of room', grouped(total(({ refused }) => refused))],
    ['spot losses', grouped(total(({ spot }) => spot))],
    ['containers that went down with a host', grouped(total(({ lost }) => lost))],
    ['machines launched', grouped(total(({ launched }) => launched))],
    ['hosts that left for want of need', grouped(total(({ leaves }) => leaves))],
    ['of them taken back', grouped(total(({ takenBack }) => takenBack))],
    [
      'fewest and most hosts',
      `${Math.min(...tallies.map(({ fewestHosts }) => fewestHosts))} to ${Math.max(...tallies.map(({ mostHosts }) => mostHosts))}`,
    ],
    ['most containers at once', grouped(Math.max(...tallies.map(({ mostContainers }) => mostContainers)))],
    ['placements', grouped(placed)],
    ['placements a second of the processor', grouped(Math.round((placed * 1000) / total(({ placing }) => placing)))],
    ['moves', grouped(total(({ moves }) => moves))],
    ['simulated seconds to place, p50 and p99', `${at(times, 0.5)} and ${at(times, 0.99)}`],
    [
      'decision on capacity, p50 and p99 in ms',
      `${at(decisions, 0.5).toFixed(1)} and ${at(decisions, 0.99).toFixed(1)}`,
    ],
    ['violations', grouped(violations)],
  ];
  console.log(tableOf(rows.map(([what, value]): Row => ({ what, value }))));
  console.log(
    `\n${violations === 0 ? 'Met' : 'MISSED'}: ${violations} violations (target 0), in ${seconds.toFixed(0)} s.`,
  );
  return violations === 0 ? 0 : 1;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

process.exitCode = main();
