import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { usage } from '../errors.js';
import type { Given } from '../given.js';
import { readYaml } from '../settings/yaml-file.js';
import type { Run } from '../verb.js';
import type { Holding } from './holding.js';
import { type Goal, readCompose } from './read-compose.js';
import { kamalApp, readKamal } from './read-kamal.js';
import { runImport } from './run-import.js';
import type { SaidMap } from './said-map.js';

type Read = (file: SaidMap, goal: Goal) => Holding;

/** `import:compose FILE` */
export const importCompose: Run = async (context, given) => {
  const file = await fileOf(context, given);
  if (file['services'] === undefined)
    throw usage(`${given.argument('FILE')} holds no services: it is no compose file.`);
  return importFile(context, given, { file, read: readCompose, app: await context.app() });
};

/** `import:kamal FILE` */
export const importKamal: Run = async (context, given) => {
  const file = await fileOf(context, given);
  if (file['servers'] === undefined)
    throw usage(`${given.argument('FILE')} holds no servers: it is no deploy.yml of Kamal.`);
  const said = (await context.saidPlace()).app ?? kamalApp(file);
  return importFile(context, given, { file, read: readKamal, app: said ?? (await context.app()) });
};

interface FileImport {
  readonly file: SaidMap;
  readonly read: Read;
  readonly app: string;
}

async function importFile(context: Context, given: Given, { file, read, app }: FileImport): ReturnType<Run> {
  const goal = { app, environment: await context.environment(), repo: given.text('repo') ?? null };
  return runImport(context, given, read(file, goal));
}

async function fileOf({ world }: Context, given: Given): Promise<SaidMap> {
  const path = resolve(world.folder, given.argument('FILE'));
  await access(path).catch(() => {
    throw usage(`There is no file ${path}.`);
  });
  return readYaml(path);
}
