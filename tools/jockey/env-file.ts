import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ledger } from '../machine/ledger.js';
import { scratchFolder } from '../machine/project.js';
import type { RunningJockey } from './start-jockey.js';

/** The file that a shell reads to speak to the running Jockey: `. .jockey/env`. */
export const ENV_FILE = scratchFolder('env');

/** Writes addresses and token for shells; the file goes with the run. */
export async function writeEnvFile(ledger: Ledger, { url, token, env }: RunningJockey): Promise<void> {
  const variables = { JOCKEY_URL: url, JOCKEY_OAUTH_TOKEN: token, ...env };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  ledger.add({ directories: [ENV_FILE] });
  await mkdir(dirname(ENV_FILE), { recursive: true });
  await writeFile(ENV_FILE, `${lines.join('\n')}\n`, { mode: 0o600 });
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
