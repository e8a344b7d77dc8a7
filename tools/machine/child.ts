import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ledger } from './ledger.js';
import { OWNER_MARK, isAlive, markOf, recordOf, type ProcessRecord } from './processes.js';
import { until } from './until.js';

/** A long-running program: what to run, where its output goes, and how one sees that it serves. */
export interface Program {
  /** Its name in the ledger and in messages: "registry", "h1/docker". */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Name of the network namespace that it lives in; the machine's own unless told. */
  readonly netns?: string;
  /** Part of the run that it belongs to and can be ended with: the name of a host. */
  readonly group?: string;
  /** Seconds that it gets to end by itself before it is killed; none unless told. */
  readonly grace?: number;
  /** Answers true, or at least does not throw, once the program serves. */
  readonly ready: () => Promise<unknown>;
  /** Seconds that it may take to serve; 30 unless told. */
  readonly readyWithin?: number;
}

/** Starts a program in a session of its own, enters it in the ledger, and waits until it serves. */
export async function startProgram(ledger: Ledger, program: Program): Promise<ProcessRecord> {
  const record = await launch(ledger, program);
  let alive = true;
  const watch = setInterval(() => void isAlive(record).then((lives) => (alive = lives)), 100);
  try {
    await until(
      {
        what: `${program.name} to serve`,
        seconds: program.readyWithin ?? 30,
        giveUp: () => refuseDead(program, alive),
      },
      async () => (await program.ready()) !== false,
    );
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await lastLines(program.logFile)}`, { cause: error });
  } finally {
    clearInterval(watch);
  }
  return record;
}

async function launch(ledger: Ledger, program: Program): Promise<ProcessRecord> {
  await mkdir(dirname(program.logFile), { recursive: true });
  const log = await open(program.logFile, 'a');
  try {
    const [file, args] = inNamespace(program);
    const child = spawn(file, args, {
      cwd: program.cwd,
      uid: program.uid,
      gid: program.gid,
      env: { ...process.env, ...program.env, [OWNER_MARK]: markOf(ledger.path, program.group) },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    child.unref();
    const record = await recordOf(child.pid ?? 0);
    if (record === undefined) throw new Error(`${program.name} ended at once\n${await lastLines(program.logFile)}`);
    await ledger.addProcess({ ...record, name: program.name, grace: program.grace ?? 0 });
    return record;
  } finally {
    await log.close();
  }
}

/** `nsenter` changes the network alone; `ip netns exec` would hide the control groups from Docker. */
function inNamespace({ file, args, netns }: Program): [string, string[]] {
  if (netns === undefined) return [file, [...args]];
  return ['nsenter', [`--net=/run/netns/${netns}`, '--', file, ...args]];
}

function refuseDead(program: Program, alive: boolean): void {
  if (!alive) throw new Error(`${program.name} ended before it served`);
}

async function lastLines(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).trim().split('\n');
  return [`the end of ${file}:`, ...lines.slice(-12).map((line) => `  ${line.slice(0, 300)}`)].join('\n');
}
