import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Block } from '../../tools/docs/pages/blocks.js';
import { projectRoot } from '../../tools/machine/project.js';

/** What a block of a page did. */
export interface BlockRun {
  readonly block: Block;
  /** What it wrote, in the order in which it came; empty when it was not reached. */
  readonly output: string;
}

/** What the blocks of a page did, one after the other. */
export interface PageRun {
  readonly runs: readonly BlockRun[];
  /** Where the shell stopped and what it had said; null when it came to the end. */
  readonly fault: string | null;
}

/** Seconds that the blocks of one page may take before their shell is ended. */
const DEADLINE = 240;

/** What commands of the pages run of a checkout. */
const CHECKOUT = ['package.json', 'dist', 'clients'];

/** The shell ends where a command does not end well; the exit code that a block announces is checked after it. */
const HEAD = ['set -e -o pipefail'];

/**
 * Runs the blocks of a page in one shell, as a reader pastes them: what one sets, the next ones have. The shell begins
 * in a folder that looks like a built checkout with the `files` in it, and is also its home: what a page writes there
 * touches nothing else.
 */
export async function runBlocks(
  blocks: readonly Block[],
  { env, files }: { env: Readonly<Record<string, string>>; files: Readonly<Record<string, string>> },
): Promise<PageRun> {
  const folder = await mkdtemp(join(tmpdir(), 'jockey-docs-'));
  try {
    const scripts = join(folder, 'blocks');
    const home = join(folder, 'home');
    for (const [name, text] of Object.entries(files)) await write(join(home, name), text);
    for (const name of CHECKOUT) await symlink(join(projectRoot(), name), join(home, name));
    for (const [at, block] of blocks.entries()) await writeBlock(scripts, at, block);
    await write(join(scripts, 'all.sh'), [...HEAD, ...blocks.flatMap(stepOf)].join('\n'));
    const code = await bash([join(scripts, 'all.sh')], home, { ...env, HOME: home, BLOCKS: scripts });
    return await readRun(blocks, scripts, code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What bash finds wrong with the grammar of a block; empty when it is well. */
export async function grammarFaults({ page, line, code }: Block): Promise<string> {
  const child = spawn('bash', ['-n'], { stdio: ['pipe', 'ignore', 'pipe'] });
  const faults: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => faults.push(chunk));
  child.stdin.end(code);
  await once(child, 'close');
  return faults.length === 0 ? '' : `${page}:${line}: ${Buffer.concat(faults).toString()}`;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}

async function writeBlock(scripts: string, at: number, { before, code }: Block): Promise<void> {
  await write(join(scripts, `${at}.before.sh`), `${before}\n`);
  await write(join(scripts, `${at}.sh`), code);
  await write(join(scripts, `${at}.out`), '');
}

function stepOf({ exits }: Block, at: number): readonly string[] {
  const run = (file: string) => `. "$BLOCKS/${file}.sh" >>"$BLOCKS/${at}.out" 2>&1 </dev/null`;
  const before = [`echo ${at} >"$BLOCKS/reached"`, run(`${at}.before`)];
  if (exits === 0) return [...before, run(`${at}`)];
  return [...before, 'set +e', run(`${at}`), 'CODE=$?; set -e', `[ "$CODE" = ${exits} ] || exit "$CODE"`];
}

/** In a group of its own, so that what a block has left behind ends with it. */
async function bash(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn('bash', args, { cwd, env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
  const end = (): void => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // All of the group have ended.
    }
  };
  const timer = setTimeout(end, DEADLINE * 1_000);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  end();
  return code ?? -1;
}

async function readRun(blocks: readonly Block[], scripts: string, code: number): Promise<PageRun> {
  const read = (name: string) => readFile(join(scripts, name), 'utf8');
  const runs = await Promise.all(blocks.map(async (block, at) => ({ block, output: await read(`${at}.out`) })));
  if (code === 0) return { runs, fault: null };
  const reached = runs[Number(await read('reached'))];
  const why = code === -1 ? `was ended after ${DEADLINE} s` : `ended with ${code}`;
  return { runs, fault: `${reached?.block.page}:${reached?.block.line} ${why}:\n${reached?.output}` };
}
