/**
 * Measures how long the CLI takes to start, beyond what a bare `node` takes. Target: 150 ms at most, of a verb that
 * asks a server too. Ends with 1 when it is missed. Run: `npm run bench:cli`.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../tools/machine/project.js';
import { machineLine } from './machine.js';
import { median } from './median.js';
import { type Row, tableOf } from './table.js';

const MOST_MILLISECONDS = 150;

/** So many starts of each, in turns; the middle one counts. */
const LAPS = 15;

const PROGRAM = join(projectRoot(), 'clients/cli/dist/jockey.js');

interface Start {
  readonly name: string;
  readonly words: readonly string[];
}

const BARE: Start = { name: 'node -e 0', words: ['-e', '0'] };

const STARTS: readonly Start[] = [
  { name: 'jockey --version', words: [PROGRAM, '--version'] },
  { name: 'jockey help', words: [PROGRAM, 'help'] },
  { name: 'jockey apps', words: [PROGRAM, 'apps'] },
  { name: 'jockey releases -a shop', words: [PROGRAM, 'releases', '-a', 'shop'] },
];

/** Answers every list at once, so that what is measured is the program. */
function emptyServer(): ReturnType<typeof createServer> {
  const body = JSON.stringify({ data: [], pagination: { page: 1, per_page: 25, total_pages: 0, total_count: 0 } });
  return createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'jockey-version': '0.1.0' }).end(body);
  });
}

/** Milliseconds from the start of a process to its end. */
function timed({ name, words }: Start, home: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, words, {
    stdio: 'ignore',
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(performance.now() - begun) : reject(new Error(`${name} ended with ${code}`)),
    );
  });
}

async function main(): Promise<void> {
  const server = emptyServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const home = await mkdtemp(join(tmpdir(), 'jockey-bench-'));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(join(home, '.jockeyrc'), `jockey_url: ${url}\ngithub_oauth_token: a-token-for-the-bench\n`);
  const laps = await measure(home).finally(() => rm(home, { recursive: true, force: true }));
  server.close();
  report(laps);
}

type Laps = ReadonlyMap<string, readonly number[]>;

/** In turns, so that a busy moment of the machine does not fall on one alone. */
async function measure(home: string): Promise<Laps> {
  const laps = new Map<string, number[]>();
  for (let lap = 0; lap < LAPS; lap += 1) {
    for (const start of [BARE, ...STARTS])
      laps.set(start.name, [...(laps.get(start.name) ?? []), await timed(start, home)]);
  }
  return laps;
}

function report(laps: Laps): void {
  const bare = median(laps.get(BARE.name) ?? []);
  const over = STARTS.map(({ name }) => ({ name, whole: median(laps.get(name) ?? []) }));
  const rows: Row[] = [{ name: BARE.name, whole: bare }, ...over].map(({ name, whole }) => ({
    start: name,
    whole: `${Math.round(whole)} ms`,
    'over bare node': `${Math.round(whole - bare)} ms`,
  }));
  console.log(`${machineLine()}\n\n${tableOf(rows)}`);
  const missed = over.filter(({ whole }) => whole - bare > MOST_MILLISECONDS);
  console.log(
    missed.length === 0
      ? `\nEach is under ${MOST_MILLISECONDS} ms.`
      : `\nMissed: ${missed.map(({ name }) => name).join(', ')}.`,
  );
  process.exitCode = missed.length === 0 ? 0 : 1;
}

await main();
