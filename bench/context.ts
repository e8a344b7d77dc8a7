/**
 * Measures how the context of a build is read: a commit of 1 GB as one tar stream, in a process that has the engine's code
 * loaded. Target: that process stays below 200 MB. Beside it stands what `git archive` alone takes for the same commit in the
 * same run. Ends with 1 when the target is missed. Run: `npm run bench:context`.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { makeRepository } from './context-repository.js';
import type { ContextRead } from './context-reader.js';
import { machineLine } from './machine.js';
import { grouped, tableOf } from './table.js';

const MOST_MEMORY_MB = 200;
/** So many laps, of which the fastest counts: what is slower is another process. */
const LAPS = 3;
const MB = 1024 * 1024;
const READER = fileURLToPath(new URL('./context-reader.js', import.meta.url));

const folder = await mkdtemp(join(process.env['BENCH_DIR'] ?? tmpdir(), 'jockey-context-'));
try {
  process.exitCode = await measure();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(): Promise<number> {
  const sha = await makeRepository(join(folder, 'root/bench/context.git'));
  await read(sha);
  const laps: { readonly jockey: ContextRead; readonly floor: number }[] = [];
  for (let lap = 0; lap < LAPS; lap += 1) laps.push({ jockey: await read(sha), floor: await archiveAlone(sha) });
  const [first] = laps;
  const size = (first?.jockey.bytes ?? 0) / MB;
  const jockey = Math.min(...laps.map((lap) => lap.jockey.milliseconds));
  const floor = Math.min(...laps.map((lap) => lap.floor));
  const peak = Math.max(...laps.map((lap) => lap.jockey.peakMb));
  const speed = (milliseconds: number) => `${grouped(Math.round(size / (milliseconds / 1000)))} MB/s`;
  console.log(`${machineLine()}\n\nA context of ${grouped(Math.round(size))} MB, fetched before, ${LAPS} laps:\n`);
  console.log(
    tableOf([
      { '': 'Jockey', speed: speed(jockey), 'peak memory': `${Math.round(peak)} MB` },
      { '': 'git archive alone', speed: speed(floor), 'peak memory': '' },
    ]),
  );
  const before = Math.round(first?.jockey.beforeMb ?? 0);
  console.log(`\n${(jockey / floor).toFixed(2)} times git archive; the process had ${before} MB before it began.`);
  console.log(peak < MOST_MEMORY_MB ? 'Target met.' : `MISSED: the process should stay below ${MOST_MEMORY_MB} MB.`);
  return peak < MOST_MEMORY_MB ? 0 : 1;
}

/** In a process of its own, so that its memory is of nothing else. */
async function read(sha: string): Promise<ContextRead> {
  const { stdout } = await promisify(execFile)(process.execPath, [READER, folder, sha]);
  return JSON.parse(stdout) as ContextRead;
}

async function archiveAlone(sha: string): Promise<number> {
  const cache = (await readdir(join(folder, 'cache'))).find((name) => name.endsWith('-files.git')) ?? '';
  const begun = performance.now();
  const git = spawn('git', [`--git-dir=${join(folder, 'cache', cache)}`, 'archive', '--format=tar', sha], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(git, 'close')) as [number];
  if (code !== 0) throw new Error(`git archive ended with ${code}`);
  return performance.now() - begun;
}
