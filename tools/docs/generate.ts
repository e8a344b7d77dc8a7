import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mainProgram } from '../machine/main-program.js';
import { SetupFailure } from '../machine/failure.js';
import { progress } from '../machine/progress.js';
import { projectRoot } from '../machine/project.js';
import { generatedFiles } from './generated-files.js';
import type { GeneratedFile } from './pages-of-the-sources.js';

/** Writes the generated pages, or with `--check` only says which of the committed ones are not what would be written. */
async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== '--check');
  if (unknown !== undefined) throw new SetupFailure(`"${unknown}" is no option`, 'There is one: --check');
  const files = await generatedFiles();
  if (args.includes('--check')) await check(files);
  else await Promise.all(files.map(write));
}

async function check(files: readonly GeneratedFile[]): Promise<void> {
  const committed = await Promise.all(files.map(({ path }) => readFile(absolute(path), 'utf8').catch(() => '')));
  const stale = files.filter(({ text }, index) => text !== committed[index]).map(({ path }) => path);
  if (stale.length > 0)
    throw new SetupFailure(`${stale.join(', ')} differ from what the code says`, 'Write them: npm run docs:generate');
  progress(`${files.map(({ path }) => path).join(', ')}: as the code says`);
}

async function write({ path, text }: GeneratedFile): Promise<void> {
  await writeFile(absolute(path), text);
  progress(`wrote ${path}`);
}

function absolute(path: string): string {
  return join(projectRoot(), path);
}

await mainProgram(() => main(process.argv.slice(2)));
