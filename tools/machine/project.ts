import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root folder: the nearest folder above this file with a `package.json`, as source and compiled alike. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** The folder of everything that a run leaves on disk; git ignores it. */
export function scratchFolder(...parts: string[]): string {
  return join(projectRoot(), '.jockey', ...parts);
}
