import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ok } from '../../clients/typescript/src/index.js';
import { blocksOf } from '../../tools/docs/pages/blocks.js';
import { readPages } from '../../tools/docs/pages/pages.js';
import { notShown } from '../../tools/docs/pages/shown.js';
import { type BlockRun, grammarFaults, runBlocks } from '../support/docs-shell.js';
import { projectRoot } from '../../tools/machine/project.js';
import { Jockey, TOKEN } from './jockey.js';

const blocks = (await readPages()).flatMap(blocksOf);
const commands = blocks.filter(({ language, notRun }) => language === 'sh' && notRun === null);
const left = blocks.filter(({ language, notRun }) => language === 'sh' && notRun !== null);
const lengthOf = (page: string) => commands.filter((block) => block.page === page).length;
/** Those with most to do first, as so many run side by side. */
const pages = [...new Set(commands.map(({ page }) => page))].sort((one, other) => lengthOf(other) - lengthOf(one));

/** What the pages take for granted of the Jockey that they speak to. */
const SETTINGS = {
  SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
  ROUTING_HOST: '{app}.{environment}.example.com',
};

/** Programs that a page installs for all are for its own shell alone. */
const NPM = 'prefix=${HOME}/.npm-global\n';

let jockey: Jockey;
let programs: string;
beforeAll(async () => {
  jockey = await Jockey.start(SETTINGS);
  for (const name of ['development', 'staging']) await ok(jockey.typed.POST('/environments', { body: { name } }));
  await ok(jockey.typed.POST('/apps', { body: { name: 'sample', repo: 'jockey/sample' } }));
  programs = await mkdtemp(join(tmpdir(), 'jockey-docs-bin-'));
  await putCommand('jockey', join(projectRoot(), 'clients/cli/dist/jockey.js'));
});
afterAll(async () => {
  await rm(programs, { recursive: true, force: true });
  await jockey.stop();
});

/** A program of the `PATH`, as `npm install --global` puts it there. */
async function putCommand(name: string, script: string): Promise<void> {
  const path = join(programs, name);
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  await chmod(path, 0o755);
}

/** What a reader's shell has: who reads on has a Jockey, its address and a token. */
function shellOf(): Readonly<Record<string, string>> {
  const { PATH = '' } = process.env;
  return {
    ...jockey.cluster.env,
    ...SETTINGS,
    DATABASE_URL: jockey.databaseUrl,
    JOCKEY_BOOTSTRAP_TOKEN: TOKEN,
    JOCKEY_URL: jockey.client.url,
    JOCKEY_OAUTH_TOKEN: TOKEN,
    TOKEN,
    PATH: `${programs}:${PATH}`,
    NO_COLOR: '1',
    NPM_CONFIG_OFFLINE: 'true',
    NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  };
}

/** The lines that a page shows as output of a block and that the block did not write. */
function faultsOfShown({ block, output }: BlockRun): readonly string[] {
  const after = blocks[blocks.indexOf(block) + 1];
  if (after?.shows !== true) return [];
  return notShown(after.code, output).map((line) => `${after.page}:${after.line} shows: ${line}\nand is: ${output}`);
}

describe('every command of the pages does what the page says', () => {
  it.concurrent.each(pages)('%s', async (page) => {
    const own = commands.filter((block) => block.page === page);
    const env = shellOf();
    const exports = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`);
    const { runs, fault } = await runBlocks(own, { env, files: { '.jockey/env': exports.join('\n'), '.npmrc': NPM } });
    expect(fault).toBeNull();
    expect(runs.flatMap(faultsOfShown)).toEqual([]);
  });

  it(`and the ${left.length} of ${left.length + commands.length} blocks that cannot be run are at least grammar`, async () => {
    const faults = await Promise.all(left.map(grammarFaults));
    expect(faults.filter((fault) => fault !== '')).toEqual([]);
  });
});
