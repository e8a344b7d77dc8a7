import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RequestHandler } from 'express';

/** The version of the wire contract: it grows, and breaks nothing while this number stays. */
export const API_VERSION = '1';

/** The version of this Jockey, as its package says. */
export const VERSION = versionAbove(import.meta.dirname);

/** Sources and what is built of them lie differently deep below the package's root. */
function versionAbove(folder: string): string {
  const path = join(folder, 'package.json');
  if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version;
  return versionAbove(dirname(folder));
}

/** Says the version on every answer, so that a client can tell why something is not as it knows it. */
export const sayVersion = (): RequestHandler => (_request, response, next) => {
  response.setHeader('Jockey-Version', VERSION);
  next();
};
