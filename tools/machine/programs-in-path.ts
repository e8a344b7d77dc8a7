import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

/** Where programs of the system live, even when the user's PATH does not say so. */
const ALWAYS = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/bin', '/bin'];

/** The path of a program; `undefined` when the machine does not have it. */
export async function findProgram(name: string): Promise<string | undefined> {
  const folders = [...(process.env['PATH'] ?? '').split(':').filter((folder) => folder !== ''), ...ALWAYS];
  for (const folder of folders) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
