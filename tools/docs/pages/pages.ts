import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../machine/project.js';

/** A page of the documentation. */
export interface Page {
  /** Below the project's root: `docs/how-to/roll-back.md`. */
  readonly path: string;
  /** Its Markdown. */
  readonly text: string;
}

/** Folders without pages of ours. */
const NOT_OURS = /(^|\/)(node_modules|dist)\//;

/** Every page that people read: README.md, all below `docs/`, and those of the clients and of the sample; by path. */
export async function readPages(): Promise<readonly Page[]> {
  const below = await Promise.all(['docs', 'clients', 'sample'].map(pathsBelow));
  const paths = ['README.md', ...below.flat().sort()];
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(projectRoot(), path), 'utf8') })));
}

async function pathsBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(projectRoot(), folder), { recursive: true });
  return entries.map((entry) => `${folder}/${entry}`).filter((path) => path.endsWith('.md') && !NOT_OURS.test(path));
}
