import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startProgram } from './child.js';
import type { Ledger } from './ledger.js';
import { postgresPrograms } from './postgres-programs.js';
import { progress } from './progress.js';
import type { PartPlace } from './redis.js';
import { run } from './run.js';

/** Postgres refuses to run as root; this is "nobody" on every Linux. */
const NOBODY = 65534;
const USER = 'jockey';

/** What a throw-away server may do without: a crash of the machine loses its data, and nobody minds. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };

/** Starts a Postgres with an empty database `jockey`, and answers its address. Its data goes when the run ends. */
export async function startPostgres({ ledger, logs, address, port }: PartPlace): Promise<string> {
  progress(`starting Postgres on ${address}:${port}`);
  const home = await makeHome(ledger);
  const programs = await postgresPrograms(home, identity().uid);
  const password = randomBytes(16).toString('hex');
  await initialise(home, programs.initdb, password);
  const settings = { ...SETTINGS, listen_addresses: address, unix_socket_directories: home, port: String(port) };
  const url = `postgres://${USER}:${password}@${address}:${port}`;
  await startProgram(ledger, {
    name: 'postgres',
    file: programs.postgres,
    args: [
      '-D',
      join(home, 'data'),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    logFile: join(logs, 'postgres.log'),
    cwd: home,
    ...identity(),
    ready: () => query(`${url}/postgres`, 'SELECT 1'),
  });
  await query(`${url}/postgres`, 'CREATE DATABASE jockey');
  return `${url}/jockey`;
}

/** Who the server runs as: this user, or nobody when this is root. */
function identity(): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** A short path that every user may reach, as a checkout may lie in a folder that is root's alone. */
async function makeHome(ledger: Ledger): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'jockey-postgres-'));
  ledger.add({ directories: [home] });
  const { uid, gid } = identity();
  if (uid !== undefined && gid !== undefined) await chown(home, uid, gid);
  return home;
}

async function initialise(home: string, initdb: string, password: string): Promise<void> {
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, password);
  const { uid, gid } = identity();
  if (uid !== undefined && gid !== undefined) await chown(passwordFile, uid, gid);
  await mkdir(join(home, 'data'), { mode: 0o700 });
  if (uid !== undefined && gid !== undefined) await chown(join(home, 'data'), uid, gid);
  const args = ['--pgdata', join(home, 'data'), '--username', USER, '--pwfile', passwordFile];
  const quick = ['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-locale', '--no-sync'];
  await run(initdb, [...args, ...quick], { cwd: home, ...identity() });
}

async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}
