/**
 * Measures the log of a build: a million lines, written as the engine writes them while 200 followers read them over HTTP
 * from one process. Target: nobody misses a line, and neither process grows with the log. The floor of the same run is
 * the same rows by plain INSERTs. Ends with 1 when a target is missed. Run: `DATABASE_URL=… npm run bench:logs`, or with
 * other numbers `npm run bench:logs -- 100000 20`.
 */
import type { DataSource } from 'typeorm';
import { BuildLog } from '../src/engine/builds/build-log.js';
import { BuildRow } from '../src/store/entities/index.js';
import { LogBook } from '../src/store/log-book.js';
import { Redactors } from '../src/store/redactors.js';
import { SecretBox } from '../src/store/secret-box.js';
import { LogWorld, peakOf } from './log-world.js';
import { machineLine } from './machine.js';
import { grouped, tableOf } from './table.js';

const [, , LINES_SAID = '1000000', FOLLOWERS_SAID = '200'] = process.argv;
const LINES = Number(LINES_SAID);
const FOLLOWERS = Number(FOLLOWERS_SAID);
const FOLLOWER_PROCESSES = 2;
/** Rows of one plain INSERT. */
const ROWS_AT_ONCE = 1_000;
/** What neither process may hold, in MB: the log itself is larger. */
const MOST_MEMORY = 512;

const STEP = '[5/7] RUN make all';
const textOf = (number: number): string => `line ${number}: compiling src/module-${number % 997}/part-${number}.c`;

/** Lines a second by plain INSERTs of many rows over one connection. */
async function floor(dataSource: DataSource, build: string): Promise<number> {
  const begun = performance.now();
  for (let from = 0; from < LINES; from += ROWS_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(ROWS_AT_ONCE, LINES - from) }, (_, at) => from + at);
    const rows = numbers.map((_, at) => `('build', $1, now(), 'docker', 'info', $${at + 3}, 'stdout', $2)`);
    await dataSource.query(
      `INSERT INTO log_lines (subject, subject_id, timestamp, logger, level, text, stream, step) VALUES ${rows.join()}`,
      [build, STEP, ...numbers.map(textOf)],
    );
  }
  return rateSince(begun);
}

/** Lines a second as the engine writes them: whoever prints has to wait where there is no room. */
async function write(log: BuildLog): Promise<number> {
  const begun = performance.now();
  for (let number = 0; number < LINES; number += 1) {
    const room = log.addPrinted('docker', { text: textOf(number), stream: 'stdout', step: STEP });
    if (room !== undefined) await room;
  }
  await log.end('completed', 'info');
  return rateSince(begun);
}

function rateSince(begun: number): number {
  return Math.round(LINES / ((performance.now() - begun) / 1000));
}

function logOf(dataSource: DataSource, build: string): BuildLog {
  const book = new LogBook(dataSource, new Redactors(dataSource, new SecretBox(null)));
  return new BuildLog(book, { subject: 'build', id: build }, LINES);
}

async function measure(world: LogWorld): Promise<boolean> {
  const { dataSource } = world;
  const bare = await floor(dataSource, await world.build());
  const alone = await write(logOf(dataSource, await world.build()));
  const build = await world.build();
  const begun = performance.now();
  const following = world.follow(build, FOLLOWERS, FOLLOWER_PROCESSES);
  const written = await write(logOf(dataSource, build));
  await dataSource.manager.update(BuildRow, { id: build }, { state: 'completed' });
  const seen = await following;
  const seconds = (performance.now() - begun) / 1000;
  const lost = seen.reduce((sum, { lines }) => sum + LINES + 1 - lines, 0);
  const whole = seen.length === FOLLOWERS && seen.every(({ inOrder, ended }) => inOrder && ended);
  const [api, writer] = [await world.peakOfApi(), await peakOf(process.pid)];
  const rows = [
    ['plain INSERT, lines/s (floor)', grouped(bare)],
    ['written, nobody follows, lines/s', `${grouped(alone)} (${(alone / bare).toFixed(2)} of the floor)`],
    [`written under ${FOLLOWERS} followers, lines/s`, grouped(written)],
    ['all followers at the end after, s', seconds.toFixed(1)],
    ['delivered in all, lines/s', grouped(Math.round((LINES * FOLLOWERS) / seconds))],
    ['lines lost by followers', grouped(lost)],
    ['each in order and told the end', whole ? 'yes' : 'no'],
    ['peak memory of the API, MB', String(api)],
    ['peak memory of the writer, MB', String(writer)],
  ];
  const title = `${grouped(LINES)} lines, ${FOLLOWERS} followers`;
  process.stdout.write(
    `${machineLine()}\n\n${tableOf(rows.map(([what = '', value = '']) => ({ [title]: what, measured: value })))}\n`,
  );
  return lost === 0 && whole && api <= MOST_MEMORY && writer <= MOST_MEMORY;
}

const server = process.env['DATABASE_URL'];
if (server === undefined) throw new Error('DATABASE_URL should name a Postgres server on which a database may be made');
const world = await LogWorld.start(server);
try {
  if (!(await measure(world))) process.exitCode = 1;
} finally {
  await world.stop();
}
