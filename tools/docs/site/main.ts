import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mainProgram } from '../../machine/main-program.js';
import { progress } from '../../machine/progress.js';
import { projectRoot, scratchFolder } from '../../machine/project.js';
import { readPages } from '../pages/pages.js';
import { buildSite } from './site.js';

const STYLE = 'tools/docs/site/site.css';

/** Writes the documentation as a web site into `.jockey/site`; what was there before goes. */
async function main(): Promise<void> {
  const folder = scratchFolder('site');
  const { html, files } = buildSite(await readPages());
  await rm(folder, { recursive: true, force: true });
  for (const [address, text] of html) await write(join(folder, address), text);
  for (const path of files) await cp(join(projectRoot(), path), join(folder, path), { recursive: true });
  await write(join(folder, 'site.css'), await readFile(join(projectRoot(), STYLE), 'utf8'));
  progress(`wrote ${html.size} pages: open ${join(folder, 'index.html')} in a browser`);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

await mainProgram(main);
