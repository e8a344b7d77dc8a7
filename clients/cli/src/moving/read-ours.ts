import { ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import type { Context } from '../context.js';
import { readAll } from '../read-list.js';
import type { HeldApp, HeldPlace, HeldWorker, Holding } from './holding.js';

/** What Jockey holds of these apps. Of secrets only the names are known: they count as different. */
export async function readOurs({ client }: Context, names: readonly string[]): Promise<Holding> {
  const environments = await readAll((query) => ok(client.GET('/environments', { params: { query } })));
  const all = await readAll((query) => ok(client.GET('/apps', { params: { query } })));
  const apps: HeldApp[] = [];
  for (const app of all.filter(({ name }) => names.includes(name))) apps.push(await appOf(client, app));
  return { environments: environments.map(({ name }) => name), apps, remarks: [] };
}

async function appOf(client: Context['client'], app: Schemas['AppDto']): Promise<HeldApp> {
  const place = { app: app.name };
  const sets = await readAll((page) => ok(client.GET('/config_sets', { params: { query: { ...place, ...page } } })));
  const workers = await readAll((page) => ok(client.GET('/workers', { params: { query: { ...place, ...page } } })));
  const names = new Set([...sets, ...workers].map(({ environment }) => environment.name));
  const places = [...names].sort().map((environment): HeldPlace => {
    const set = sets.find((each) => each.environment.name === environment);
    const own = workers.filter((each) => each.environment.name === environment);
    return { environment, config: set === undefined ? {} : configOf(set), workers: own.map(workerOf), commit: null };
  });
  const { name, repo, subscribe_to_github_webhook } = app;
  return { name, repo, subscribe_to_github_webhook, places };
}

/** No value is like that of a secret, so that it is never taken for the same. */
const UNKNOWN = '\u0000';

const configOf = ({ config, secrets }: Schemas['ConfigSetDto']): Record<string, string> => ({
  ...Object.fromEntries(secrets.map(({ name }) => [name, UNKNOWN])),
  ...config,
});

function workerOf(worker: Schemas['WorkerDto']): HeldWorker {
  const { name, command, scale, port, memory_mb, cpus, health_path } = worker;
  return { name, command, scale, memory_mb, cpus, health_path, ...(port === null ? {} : { port }) };
}
