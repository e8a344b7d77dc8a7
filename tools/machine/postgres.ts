import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startProgram } from './child.js';
import type { Ledger } from './ledger.js';
import { memoryFolder } from './memory-folder.js';
import { postgresPrograms } from './postgres-programs.js';
import { endWith } from './processes.js';
import { progress } from './progress.js';
import type { PartPlace } from './redis.js';
import { run } from './run.js';

/** Postgres refuses to run as root; this is "nobody" on every Linux. */
const NOBODY = 65534;
const USER = 'jockey';

/** What a throw-away server may do without: a crash of the machine loses its data, and nobody minds. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  max_wal_size: '256MB',
  // In the folder of the data, so that it goes with that where the server is killed.
  dynamic_shared_memory_type: 'mmap',
};

/** Starts a Postgres with an empty database `jockey`, and answers its address. Its data goes when the run ends. */
export async function startPostgres({ ledger, logs, address, port }: PartPlace): Promise<string> {
  progress(`starting Postgres on ${address}:${port}`);
  const home = await makeHome(ledger);
  const programs = await postgresPrograms(home, identity().uid);
  const password = randomBytes(16).toString('hex');
  await initialise(home, programs.initdb, password);
  const url = `postgres://${USER}:${password}@${address}:${port}`;
  await serve({ ledger, logs, address, port, home }, { program: programs.postgres, url });
  await query(`${url}/postgres`, 'CREATE DATABASE jockey');
  return `${url}/jockey`;
}

/** A server's place, with the folder that was made for it. */
type ServerPlace = Omit<PartPlace, 'folder'> & { readonly home: string };

async function serve(place: ServerPlace, { program, url }: { program: string; url: string }): Promise<void> {
  const { ledger, logs, address, port, home } = place;
  const settings = { ...SETTINGS, listen_addresses: address, unix_socket_directories: home, port: String(port) };
  await startProgram(ledger, {
    name: 'postgres',
    file: program,
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
}

/**
 * Restarts the Postgres of a run, with the data that it has: every connection is cut, and until `whileDown` has
 * resolved nobody gets one. Rejects where the run has none of its own.
 */
export async function restartPostgres(
  ledger: Ledger,
  { url, logs, whileDown }: { url: string; logs: string; whileDown: () => Promise<void> },
): Promise<void> {
  const servers = ledger.processes().filter(({ name }) => name === 'postgres');
  if (servers.length === 0) throw new Error(`the Postgres at ${new URL(url).host} is not of this run`);
  const [row] = await query<{ data_directory: string }>(url, 'SHOW data_directory');
  const home = dirname(row?.data_directory ?? '');
  // The word for a fast end: it cuts connections, and writes what is committed.
  await Promise.all(servers.map((server) => endWith(server, 'SIGINT', 10)));
  try {
    await whileDown();
  } finally {
    const { postgres } = await postgresPrograms(home, identity().uid);
    const { hostname, port, origin } = placeOf(url);
    await serve({ ledger, logs, address: hostname, port, home }, { program: postgres, url: origin });
  }
}

/** `origin` is the address without the database. */
function placeOf(url: string): { hostname: string; port: number; origin: string } {
  const { hostname, port, username, password } = new URL(url);
  return { hostname, port: Number(port), origin: `postgres://${username}:${password}@${hostname}:${port}` };
}

/** Who the server runs as: this user, or nobody when this is root. */
function identity(): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** A short path that every user may reach, as a checkout may lie in a folder that is root's alone. */
async function makeHome(ledger: Ledger): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'jockey-postgres-'));
  ledger.add({ directories: [home] });
  await handOver(home);
  const memory = await memoryFolder();
  // Tests make a database each, of some hundred files: on a disk those take a sixth of the time of all.
  if (memory === null) await mkdir(join(home, 'data'), { mode: 0o700 });
  else await linkData(ledger, home, await mkdtemp(join(memory, 'jockey-postgres-')));
  await handOver(join(home, 'data'));
  return home;
}

async function linkData(ledger: Ledger, home: string, data: string): Promise<void> {
  ledger.add({ directories: [data] });
  await symlink(data, join(home, 'data'));
}

async function handOver(path: string): Promise<void> {
  const { uid, gid } = identity();
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

async function initialise(home: string, initdb: string, password: string): Promise<void> {
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, password);
  await handOver(passwordFile);
  const args = ['--pgdata', join(home, 'data'), '--username', USER, '--pwfile', passwordFile];
  // Tests connect some thousand times, which by itself costs 5 ms of each side; the password is random.
  const auth = ['--auth', 'scram-sha-256', '--set', 'scram_iterations=1'];
  const quick = ['--encoding', 'UTF8', '--no-locale', '--no-sync'];
  await run(initdb, [...args, ...auth, ...quick], { cwd: home, ...identity() });
}

async function query<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
