import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usage } from '../errors.js';
import type { World } from '../world.js';
import { isMissing, readYaml } from './yaml-file.js';

/** What `~/.jockeyrc` says, in the words of the original. */
export interface RcFile {
  readonly jockey_url?: string;
  readonly github_oauth_token?: string;
}

/** The path of the file: `~/.jockeyrc`, and no other, so that no folder one walks into can send a token elsewhere. */
export const rcPath = ({ home }: Pick<World, 'home'>): string => join(home, '.jockeyrc');

/** What the file says; nothing where there is none. */
export async function readRcFile(world: Pick<World, 'home'>): Promise<RcFile> {
  const path = rcPath(world);
  const said = await readYaml(path);
  return { ...text(path, said, 'jockey_url'), ...text(path, said, 'github_oauth_token') };
}

function text(path: string, said: Readonly<Record<string, unknown>>, key: keyof RcFile): RcFile {
  const value = said[key];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'string') throw usage(`${key} in ${path} should be a text.`);
  return value.trim() === '' ? {} : { [key]: value.trim() };
}

/**
 * Writes the values, and takes away those that are null; all else in the file stays as it is, comments too. Only its
 * owner may read it, from the first byte on.
 */
export async function writeRcFile(
  world: Pick<World, 'home'>,
  values: { readonly [key in keyof RcFile]: string | null },
): Promise<string> {
  const path = rcPath(world);
  const { parseDocument } = await import('yaml');
  const document = parseDocument(await textOf(path));
  for (const [key, value] of Object.entries(values)) {
    if (value === null) document.delete(key);
    else document.set(key, value);
  }
  const written = `${path}.${process.pid}`;
  await writeFile(written, document.toString(), { mode: 0o600 });
  await chmod(written, 0o600);
  await rename(written, path);
  return path;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
