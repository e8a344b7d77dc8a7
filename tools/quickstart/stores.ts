import { freePort } from '../machine/free-port.js';
import type { Ledger } from '../machine/ledger.js';
import { usualOrFreePort } from '../machine/port-taken.js';
import { startPostgres } from '../machine/postgres.js';
import { progress } from '../machine/progress.js';
import { startRedis } from '../machine/redis.js';
import { startRegistry } from '../machine/registry.js';
import type { QuickstartFolders } from './folders.js';

const LOOPBACK = '127.0.0.1';

/** The database that DATABASE_URL names, or one of our own. */
export async function provideDatabase(ledger: Ledger, folders: QuickstartFolders): Promise<string> {
  const place = { ...folders, ledger, address: LOOPBACK };
  return given('DATABASE_URL') ?? startPostgres({ ...place, port: await freePort(LOOPBACK) });
}

/** The Redis that REDIS_URL names, or one of our own. */
export async function provideRedis(ledger: Ledger, folders: QuickstartFolders): Promise<string> {
  const place = { ...folders, ledger, address: LOOPBACK };
  return given('REDIS_URL') ?? startRedis({ ...place, port: await freePort(LOOPBACK) });
}

/** The registry that REGISTRY_ADDRESS names, or one of our own. */
export async function provideRegistry(ledger: Ledger, folders: QuickstartFolders): Promise<string> {
  const own = given('REGISTRY_ADDRESS');
  if (own !== undefined) return own;
  const port = await usualOrFreePort({ part: 'the image registry', address: LOOPBACK, port: 5000 });
  return startRegistry({ ...folders, ledger, address: LOOPBACK, port });
}

/** A variable that names a part which is there already, so that none is started. */
function given(variable: string): string | undefined {
  const value = process.env[variable];
  if (value === undefined || value === '') return undefined;
  progress(`using the ${variable} of the environment`);
  return value;
}
