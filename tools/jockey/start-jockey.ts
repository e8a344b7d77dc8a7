import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, type Program } from '../machine/child.js';
import { fetchOk } from '../machine/fetch-ok.js';
import type { Ledger } from '../machine/ledger.js';
import { requirePort } from '../machine/port-taken.js';
import { progress } from '../machine/progress.js';
import { projectRoot } from '../machine/project.js';
import { run } from '../machine/run.js';

/** How Jockey is started. */
export interface JockeyOptions {
  readonly ledger: Ledger;
  readonly logs: string;
  /** The variables that name the parts: DATABASE_URL, REDIS_URL, CONSUL_HTTP_ADDR, … */
  readonly env: Readonly<Record<string, string>>;
  /** One process that is API and engine, or one of each. */
  readonly processes: 1 | 2;
  /** The command that the user gave, for messages. */
  readonly command: string;
}

/** A Jockey that answers. */
export interface RunningJockey {
  readonly url: string;
  readonly token: string;
  /** All variables that it runs with. */
  readonly env: Readonly<Record<string, string>>;
}

/** Seconds that a process of Jockey gets to end what it does. */
const GRACE = 10;

/** Refuses at once, before anything is started, when the API's port is taken. */
export async function requireJockeyPort(command: string): Promise<void> {
  const { address, port } = apiPlace();
  const wayOut = `End that program, or choose another port: JOCKEY_PORT=${port + 1} ${command}`;
  await requirePort({ part: 'The API', address, port, wayOut });
}

/** Migrates and seeds the database, starts Jockey, and waits until it is ready. */
export async function startJockey(options: JockeyOptions): Promise<RunningJockey> {
  const { address, port } = apiPlace();
  const token =
    options.env['JOCKEY_BOOTSTRAP_TOKEN'] ?? given('JOCKEY_BOOTSTRAP_TOKEN') ?? randomBytes(24).toString('hex');
  const env = {
    ...options.env,
    JOCKEY_HOST: address,
    JOCKEY_PORT: String(port),
    JOCKEY_BOOTSTRAP_TOKEN: token,
    ...secretsKey(),
    ENGINE_EMBEDDED: String(options.processes === 1),
  };
  await prepareDatabase(env);
  await requireJockeyPort(options.command);
  const url = `http://${address}:${port}`;
  progress(`starting Jockey on ${url}`);
  await Promise.all([
    startProgram(options.ledger, {
      ...programOf(options, 'api', 'src/main.js'),
      env,
      ready: () => fetchOk(`${url}/readyz`),
    }),
    ...(options.processes === 2 ? [startEngine(options, env)] : []),
  ]);
  return { url, token, env };
}

/** A key for this run, which ends with its database; who keeps a database gives the key too. */
function secretsKey(): Readonly<Record<string, string>> {
  if (given('SECRETS_KEY_FILE') !== undefined) return {};
  return { SECRETS_KEY: given('SECRETS_KEY') ?? randomBytes(32).toString('base64') };
}

/** The engine listens nowhere: its part is done when its process lives; the API tells whether what it needs is there. */
async function startEngine(options: JockeyOptions, env: Readonly<Record<string, string>>): Promise<void> {
  await startProgram(options.ledger, {
    ...programOf(options, 'engine', 'src/engine.js'),
    env,
    ready: () => Promise.resolve(),
  });
}

function programOf({ logs }: JockeyOptions, name: string, script: string): Omit<Program, 'ready'> {
  return {
    name: `jockey/${name}`,
    file: process.execPath,
    args: [compiled(script)],
    cwd: projectRoot(),
    logFile: join(logs, `jockey-${name}.log`),
    grace: GRACE,
    readyWithin: 60,
  };
}

async function prepareDatabase(env: Readonly<Record<string, string>>): Promise<void> {
  progress('migrating and seeding the database');
  await run(process.execPath, [compiled('src/store/migrate.js')], { env, cwd: projectRoot() });
  await run(process.execPath, [compiled('seeds/seed.js')], { env, cwd: projectRoot() });
}

/** A compiled file of Jockey: beside the compiled tools, wherever those are. */
function compiled(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

function apiPlace(): { address: string; port: number } {
  return { address: given('JOCKEY_HOST') ?? '127.0.0.1', port: Number(given('JOCKEY_PORT') ?? 4044) };
}

function given(variable: string): string | undefined {
  const value = process.env[variable];
  return value === undefined || value === '' ? undefined : value;
}
