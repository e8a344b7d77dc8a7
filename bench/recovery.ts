import { startClaimedCluster } from '../tools/cluster/start-cluster.js';
import { foldersOf } from '../tools/cluster/layout.js';
import { JockeyClient } from '../tools/jockey/jockey-client.js';
import { startJockey } from '../tools/jockey/start-jockey.js';
import { createSampleRepository } from '../tools/sample-repository.js';
import { machineLine } from './machine.js';
import { median } from './median.js';
import { RecoveryBench, type Rollback } from './recovery-bench.js';
import { tableOf, type Row } from './table.js';

const COMMAND = 'npm run bench:recovery';

/** Odd, so that the median is one that was measured. */
const KILLS = Number(process.argv[2] ?? 9);
const CUTS = Number(process.argv[3] ?? 3);
const ROLLBACKS = Number(process.argv[4] ?? 5);

/** How long a host may be lost before its instances move, in seconds; a short one, as it is only waited for. */
const GRACE = 10;

/** Targets of the issue, in milliseconds. */
const KILL_TARGET = 2_000;
const CUT_TARGET = (GRACE + 5) * 1_000;
const ROLLBACK_TARGET = 5_000;

/** A figure beside its target. */
interface Figure {
  readonly what: string;
  readonly median: number;
  readonly worst: number;
  /** Milliseconds; null where none is set. */
  readonly target: number | null;
}

async function main(): Promise<number> {
  const { cluster, claim } = await startClaimedCluster({ command: COMMAND });
  try {
    await createSampleRepository({ root: cluster.env['GIT_LOCAL_ROOT'] ?? '' });
    const jockey = await startJockey({
      ledger: claim.ledger,
      logs: foldersOf(cluster.description).logs,
      env: { ...cluster.env, HOST_GRACE_SECONDS: String(GRACE) },
      processes: 2,
      command: COMMAND,
    });
    const bench = new RecoveryBench(cluster, new JockeyClient(jockey.url, jockey.token));
    const image = await bench.prepare();
    return report(await killFigures(bench), await cutFigures(bench), await rollbacks(bench, image));
  } finally {
    await cluster.stop();
  }
}

async function killFigures(bench: RecoveryBench): Promise<readonly Figure[]> {
  await bench.kill();
  const all = await rounds(KILLS, (round) => bench.kill(round), 'a killed container');
  return [
    figure(
      'killed container: it runs again',
      all.map(({ running }) => running),
      null,
    ),
    figure(
      'killed container: it answers, and its check passes',
      all.map(({ healthy }) => healthy),
      KILL_TARGET,
    ),
  ];
}

async function cutFigures(bench: RecoveryBench): Promise<readonly Figure[]> {
  const all = await rounds(CUTS, (round) => bench.cut(round), 'a host that was cut off');
  return [
    figure(
      `cut host: its instances pass elsewhere (grace ${GRACE} s)`,
      all.map(({ elsewhere }) => elsewhere),
      CUT_TARGET,
    ),
    figure(
      'joined host: in balance again',
      all.map(({ balanced }) => balanced),
      null,
    ),
  ];
}

async function rollbacks(bench: RecoveryBench, image: string): Promise<readonly Rollback[]> {
  return rounds(ROLLBACKS, (round) => bench.rollback(round, image), 'a rollback');
}

async function rounds<T>(count: number, measure: (round: number) => Promise<T>, what: string): Promise<readonly T[]> {
  const all: T[] = [];
  for (let round = 0; round < count; round += 1) {
    all.push(await measure(round));
    process.stderr.write(`${what}, round ${round + 1} of ${count}: ${JSON.stringify(all.at(-1), rounded)}\n`);
  }
  return all;
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value) : value;
}

function figure(what: string, values: readonly number[], target: number | null): Figure {
  return { what, median: median(values), worst: Math.max(...values), target };
}

function report(kills: readonly Figure[], cuts: readonly Figure[], all: readonly Rollback[]): number {
  const of = (pick: (rollback: Rollback) => number): number => median(all.map(pick));
  const figures: readonly Figure[] = [
    ...kills,
    ...cuts,
    figure(
      'rollback of 10: first healthy',
      all.map(({ first }) => first),
      ROLLBACK_TARGET,
    ),
    figure(
      'rollback of 10: deployed, the old ones gone',
      all.map(({ deployed }) => deployed),
      null,
    ),
  ];
  console.log(
    `Over three hosts; medians of ${KILLS} kills, ${CUTS} cuts and ${ROLLBACKS} rollbacks. ${machineLine()}\n`,
  );
  console.log(`${tableOf(figures.map(rowOf))}\n`);
  console.log(
    `A bare start of the same 10 containers in the same run: first healthy after ${of(({ bare }) => bare.first).toFixed(0)} ms, ` +
      `all after ${of(({ bare }) => bare.all).toFixed(0)} ms. The rollback's first is ` +
      `${of(({ first, bare }) => first / bare.first).toFixed(2)} times that, its end ${of(({ deployed, bare }) => deployed / bare.all).toFixed(2)} times.\n`,
  );
  const missed = figures.filter((each) => !isMet(each));
  for (const { what } of missed) console.log(`MISSED: ${what}`);
  if (missed.length === 0) console.log('Met: every target.');
  return missed.length === 0 ? 0 : 1;
}

function rowOf(each: Figure): Row {
  return {
    figure: each.what,
    'median ms': each.median.toFixed(0),
    'worst ms': each.worst.toFixed(0),
    'target ms': each.target === null ? '' : String(each.target),
    met: each.target === null ? '' : isMet(each) ? 'yes' : 'no',
  };
}

function isMet({ median: middle, target }: Figure): boolean {
  return target === null || middle < target;
}

process.exitCode = await main();
