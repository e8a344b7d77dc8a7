import { statfs } from 'node:fs/promises';
import { freemem } from 'node:os';

/** Where Linux keeps shared memory: a file system in memory, in containers often a very small one. */
const SHARED_MEMORY = '/dev/shm';

/** What statfs says of a file system in memory (TMPFS_MAGIC in linux/magic.h). */
const TMPFS = 0x01021994;

const GIB = 2 ** 30;

/** So much has to be free in the folder, and of the machine's memory, in bytes: a server of the tests needs up to one. */
const ROOM = { folder: 3 * GIB, memory: 8 * GIB };

/** A folder whose files are kept in memory; null where there is none, or too little room for throw-away data. */
export async function memoryFolder(): Promise<string | null> {
  const system = await statfs(SHARED_MEMORY).catch(() => null);
  if (system === null || system.type !== TMPFS) return null;
  const isRoomy = system.bavail * system.bsize >= ROOM.folder && freemem() >= ROOM.memory;
  return isRoomy ? SHARED_MEMORY : null;
}
