import { ok } from '../../../typescript/src/problem.js';
import type { Context } from '../context.js';
import { usage } from '../errors.js';
import type { HeldApp, HeldWorker } from './holding.js';
import type { Write } from './plan-import.js';

/** How things are made here. */
export interface Making {
  readonly stack: string | undefined;
  /** Names of variables that are written as secrets. */
  readonly secrets: ReadonlySet<string>;
}

/** Writes one step. A new app brings variables and a worker of its own: what is there already is changed, not made. */
export async function writeStep(context: Context, write: Write, making: Making): Promise<void> {
  const { client } = context;
  if (write.kind === 'environment') await ok(client.POST('/environments', { body: { name: write.name } }));
  else if (write.kind === 'app') await createApp(context, write.app, making);
  else if (write.kind === 'config') await writeConfig(context, write, making);
  else await writeWorker(context, write);
}

async function createApp({ client }: Context, app: HeldApp, { stack }: Making): Promise<void> {
  const { name, repo, subscribe_to_github_webhook } = app;
  if (repo === null) throw usage(`The repository of ${name} is not known.`, 'Say it with --repo OWNER/NAME.');
  await ok(
    client.POST('/apps', {
      body: { name, repo, subscribe_to_github_webhook, ...(stack === undefined ? {} : { stack }) },
    }),
  );
}

type ConfigWrite = Extract<Write, { readonly kind: 'config' }>;

async function writeConfig({ client }: Context, write: ConfigWrite, { secrets }: Making): Promise<void> {
  const { app, environment } = write;
  const entries = Object.entries(write.config);
  const body = {
    config: Object.fromEntries(entries.filter(([name]) => !secrets.has(name))),
    ...(entries.some(([name]) => secrets.has(name))
      ? { secrets: Object.fromEntries(entries.filter(([name]) => secrets.has(name))) }
      : {}),
    reason: 'brought in by jockey import',
  };
  const { data } = await ok(client.GET('/config_sets', { params: { query: { app, environment } } }));
  const id = data[0]?.id;
  if (id === undefined) await ok(client.POST('/config_sets', { body: { app, environment, ...body } }));
  else await ok(client.PUT('/config_sets/{id}', { params: { path: { id } }, body }));
}

type WorkerWrite = Extract<Write, { readonly kind: 'worker' }>;

async function writeWorker({ client }: Context, { app, environment, worker }: WorkerWrite): Promise<void> {
  const query = { app, environment, worker: worker.name };
  const { data } = await ok(client.GET('/workers', { params: { query } }));
  const id = data.find((each) => each.name === worker.name)?.id;
  const { name, ...settings } = worker;
  if (id === undefined) await ok(client.POST('/workers', { body: { app, environment, ...complete(worker), name } }));
  else await ok(client.PUT('/workers/{id}', { params: { path: { id } }, body: settings }));
}

/** A worker without a command runs what its image does. */
const complete = (worker: HeldWorker) => ({ ...worker, command: worker.command ?? '' });
