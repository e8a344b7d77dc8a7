import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { usage } from '../errors.js';
import type { World } from '../world.js';
import { readYaml } from './yaml-file.js';

/** What a project says of itself, in `.jockey.yml`. It never says where Jockey is: see {@link readProjectFile}. */
export interface ProjectFile {
  readonly app?: string;
  readonly environment?: string;
  readonly worker?: string;
}

const NAME = '.jockey.yml';
const KEYS = ['app', 'environment', 'worker'] as const;

/**
 * The nearest `.jockey.yml`, from the folder one stands in up to the root of the checkout. It holds names alone: a
 * checkout of somebody else must not be able to say where a token is sent.
 */
export async function readProjectFile({ folder }: Pick<World, 'folder'>): Promise<ProjectFile> {
  const path = nearest(folder);
  if (path === null) return {};
  const said = await readYaml(path);
  const unknown = Object.keys(said).find((key) => !(KEYS as readonly string[]).includes(key));
  if (unknown !== undefined) throw usage(`${path} does not take "${unknown}": it takes ${KEYS.join(', ')}.`);
  return Object.fromEntries(KEYS.flatMap((key) => entry(path, key, said[key])));
}

function entry(path: string, key: string, value: unknown): readonly (readonly [string, string])[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'string' || value === '') throw usage(`${key} in ${path} should be a name.`);
  return [[key, value]];
}

function nearest(folder: string): string | null {
  const path = join(folder, NAME);
  if (existsSync(path)) return path;
  const above = dirname(folder);
  return above === folder || existsSync(join(folder, '.git')) ? null : nearest(above);
}
