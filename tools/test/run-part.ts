import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { projectRoot, scratchFolder } from '../machine/project.js';
import type { TestPart } from './parts.js';

/** How a part went. `passed` and `failed` count tests; a part may fail without a failed test, as lint does. */
export interface PartResult {
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
}

/** Runs a part's command with these variables added, its output shown as it comes. An abort ends it with SIGTERM. */
export async function runPart(
  part: TestPart,
  env: Readonly<Record<string, string>>,
  abort: AbortSignal,
): Promise<PartResult> {
  const report = scratchFolder('reports', `${part.name}.json`);
  await mkdir(dirname(report), { recursive: true });
  await rm(report, { force: true });
  const reporters = part.counts ? ['--reporter=default', '--reporter=json', `--outputFile=${report}`] : [];
  const ok = await succeeds([...part.command, ...reporters], env, abort);
  return { ok, ...(await readCounts(report)) };
}

/** The command gets a process group of its own: Ctrl-C reaches this process alone, which then ends the group. */
function succeeds(
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  abort: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectRoot(),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const end = (): void => endGroup(child.pid);
    abort.addEventListener('abort', end, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      abort.removeEventListener('abort', end);
      resolve(code === 0);
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended just now, which is what was wanted.
  }
}

/** The counts of Vitest's report; zeros where the part ended before there was one. */
async function readCounts(report: string): Promise<Omit<PartResult, 'ok'>> {
  const text = await readFile(report, 'utf8').catch(() => '{}');
  const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(text) as Record<string, number | undefined>;
  return { passed: numPassedTests, failed: numFailedTests };
}
