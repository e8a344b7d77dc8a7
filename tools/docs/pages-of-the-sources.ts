import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from '../machine/project.js';
import { cliPage } from './cli-page.js';
import { configurationPage } from './configuration-page.js';
import { envExample } from './env-example.js';
import { errorsPage } from './errors-page.js';
import { eventsPage } from './events-page.js';
import { metricsPage } from './metrics-page.js';
import { readVariables, type Variable } from './read-variables.js';
import { statesPage } from './states-page.js';

/** A file that the code writes and Git keeps, so that a change of it shows in review. */
export interface GeneratedFile {
  /** Below the project's root. */
  readonly path: string;
  readonly text: string;
}

/** The generated files that need no compiled code. */
export async function pagesOfTheSources(): Promise<readonly GeneratedFile[]> {
  const variables = await readEnvironment();
  return [
    { path: '.env.example', text: envExample(variables) },
    await page('docs/configuration.md', configurationPage(variables)),
    await page('docs/states.md', statesPage()),
    await page('docs/cli.md', cliPage()),
    await page('docs/reference/errors.md', errorsPage()),
    await page('docs/reference/events.md', eventsPage()),
    await page('docs/reference/metrics.md', metricsPage()),
  ];
}

/** Sources of the settings, in the order of the page. */
const SETTINGS = [
  'environment',
  'github-settings',
  'access-settings',
  'ci-settings',
  'secret-settings',
  'outbound-settings',
  'build-settings',
  'chat-settings',
  'log-settings',
  'run-settings',
  'limit-settings',
  'registry-settings',
  'aws-settings',
  'scaling-settings',
  'joining-settings',
  'trace-settings',
];

/** The variables that Jockey reads, as their classes describe them. */
export async function readEnvironment(): Promise<readonly Variable[]> {
  const sources = SETTINGS.map((name) => readFile(join(projectRoot(), `src/config/${name}.ts`), 'utf8'));
  return (await Promise.all(sources)).flatMap(readVariables);
}

/** A generated page of Markdown, formatted as the others. */
export async function page(path: string, markdown: string): Promise<GeneratedFile> {
  const filepath = join(projectRoot(), path);
  return { path, text: await format(markdown, { ...(await resolveConfig(filepath)), filepath }) };
}
