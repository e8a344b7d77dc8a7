import { readdir, readFile, readlink } from 'node:fs/promises';
import { SetupFailure } from './failure.js';
import { freePort, isFree } from './free-port.js';
import { progress } from './progress.js';

/** A place that a part wants to listen at. */
export interface Place {
  /** The part's name, as in "Postgres". */
  readonly part: string;
  readonly address: string;
  readonly port: number;
  /** How to go on when it is taken: which variable to set to what. */
  readonly wayOut: string;
}

/** Refuses a port that is taken, and says by what, if that can be seen. */
export async function requirePort(place: Place): Promise<void> {
  if (await isFree(place.address, place.port)) return;
  const holder = await holderOf(place.port);
  throw new SetupFailure(
    `${place.part} wants port ${place.port} of ${place.address}, but ${holder} has it`,
    place.wayOut,
  );
}

/** The usual port when it is free; otherwise says what has it, and takes another one. */
export async function usualOrFreePort(place: Omit<Place, 'wayOut'>): Promise<number> {
  if (await isFree(place.address, place.port)) return place.port;
  const port = await freePort(place.address);
  progress(`port ${place.port} is taken by ${await holderOf(place.port)}: ${place.part} takes ${port}`);
  return port;
}

/** Who listens on a port, as far as this user may see: "redis-server (process 4711)". */
export async function holderOf(port: number): Promise<string> {
  const sockets = await socketsOn(port);
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^[0-9]+$/.test(name));
  for (const pid of pids) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
    if (!links.some((link) => sockets.has(link))) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a program');
    return `${name.trim()} (process ${pid})`;
  }
  return 'a program of another user';
}

/** The sockets that listen on a port, named as the links of /proc/PID/fd name them. */
async function socketsOn(port: number): Promise<ReadonlySet<string>> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/));
  const listening = rows.filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hex}`));
  return new Set(listening.map((row) => `socket:[${row[9] ?? ''}]`));
}
