import { readdir, readFile } from 'node:fs/promises';
import { until } from './until.js';

/** A process that cannot be taken for another one that got its number later: `startedAt` is in ticks since boot. */
export interface ProcessRecord {
  readonly pid: number;
  readonly startedAt: string;
}

/** Environment variable that every process of a run carries, and hands on to those it starts. */
export const OWNER_MARK = 'JOCKEY_OWNED_BY';

/** The mark of a run, or of a group of processes in it. */
export function markOf(ledger: string, group?: string): string {
  return group === undefined ? ledger : `${ledger}#${group}`;
}

/** The mark of what goes away with each of several runs: the first that is taken down ends it. */
export function marksOf(ledgers: readonly string[]): string {
  return ledgers.map((ledger) => markOf(ledger)).join('\n');
}

/** The record of a living process; a dead one, or a zombie, has none. */
export async function recordOf(pid: number): Promise<ProcessRecord | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The program's name, in brackets, may hold blanks; the state is the first field after it, the start the twentieth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startedAt = fields[19];
  return startedAt === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : { pid, startedAt };
}

/** Whether this very process still lives. */
export async function isAlive(record: ProcessRecord): Promise<boolean> {
  return (await recordOf(record.pid))?.startedAt === record.startedAt;
}

/** Sends a signal to this very process, if it still lives. */
export async function signal(record: ProcessRecord, name: NodeJS.Signals): Promise<void> {
  if (!(await isAlive(record))) return;
  try {
    process.kill(record.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends processes side by side: asks with SIGTERM, and after `grace` seconds (0: at once) insists with SIGKILL. */
export async function end(records: readonly ProcessRecord[], grace: number): Promise<void> {
  await Promise.all(
    records.map(async (record) => {
      if (grace > 0) {
        await signal(record, 'SIGTERM');
        await gone(record, grace).catch(() => undefined);
      }
      await signal(record, 'SIGKILL');
      await gone(record, 10);
    }),
  );
}

/** Ends a process with a signal of its own kind, and insists with SIGKILL after so many seconds. */
export async function endWith(record: ProcessRecord, name: NodeJS.Signals, seconds: number): Promise<void> {
  await signal(record, name);
  await gone(record, seconds).catch(() => end([record], 0));
}

async function gone(record: ProcessRecord, seconds: number): Promise<void> {
  await until({ what: `process ${record.pid} to end`, seconds, every: 20 }, async () => !(await isAlive(record)));
}

/** The processes that belong to a run, or a group in it: those that carry its mark, and those of containers below its control group. */
export async function processesOf(mark: string, cgroup: string | undefined): Promise<ProcessRecord[]> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name)).map(Number);
  const records = await Promise.all(
    pids
      .filter((pid) => pid !== process.pid)
      .map(async (pid) => ((await belongs(pid, mark, cgroup)) ? recordOf(pid) : undefined)),
  );
  return records.filter((record) => record !== undefined);
}

async function belongs(pid: number, mark: string, cgroup: string | undefined): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  if (marksIn(environment).some((own) => own === mark || own.startsWith(`${mark}#`))) return true;
  if (cgroup === undefined) return false;
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  return groups.split('\n').some((line) => line.includes(`:/${cgroup}/`));
}

function marksIn(environment: string): readonly string[] {
  const name = `${OWNER_MARK}=`;
  const entries = environment.split('\0').filter((entry) => entry.startsWith(name));
  return entries.flatMap((entry) => entry.slice(name.length).split('\n'));
}
