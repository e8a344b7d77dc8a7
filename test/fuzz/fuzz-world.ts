import { aHost } from '../support/fake-ports.js';
import { TestApi, TOKEN } from '../support/api.js';
import { putRelease } from '../support/releases.js';
import { makeToken } from '../support/tokens.js';
import { putDeploy, putInstance, putThere, seedPlaces, shaOf } from '../support/world.js';
import { agent } from './send-hostile.js';
import type { Vocabulary } from './good-values.js';

/** Whose requests are sent. */
export type Sender = 'stranger' | 'liar' | 'viewer' | 'neighbour' | 'admin';

/** An API with two apps in it: what `neighbour` may change all of, and what it may not even see, and one that may be deleted. */
export interface FuzzWorld {
  readonly api: TestApi;
  readonly tokens: Readonly<Record<Sender, string | null>>;
  readonly vocabulary: Vocabulary;
  /** Everything of the database that requests may change, table by table. */
  snapshot(): Promise<Snapshot>;
}

/** Rows as text, by table. */
export type Snapshot = Readonly<Record<string, readonly string[]>>;

/** Kept of requests themselves, whatever becomes of them; and when a token was last used. */
const OF_REQUESTS = new Set([
  'idempotency_keys',
  'api_tokens',
  'audit_entries',
  'audit_head',
  'sessions',
  'sign_ins',
  'migrations',
]);

/** Has the form of a good one. */
const FALSE_TOKEN = `jky_${'0'.repeat(40)}`;

/** Starts it. `neighbour` has every right to the app `mine`, none to `theirs`. */
export async function startFuzzWorld(): Promise<FuzzWorld> {
  const api = await TestApi.start({ environment: { SECRETS_KEY: Buffer.alloc(32, 7).toString('base64') } });
  await seedPlaces(api.dataSource);
  api.world.hosts.pools.set('api/production', [aHost('h1'), aHost('h2')]);
  for (const ref of ['main', 'v1', shaOf(1), shaOf(2)]) api.world.source.commits.set(ref, shaOf(ref === 'v1' ? 2 : 1));
  for (const app of ['mine', 'theirs', 'doomed']) await putApp(api, app);
  const viewer = await makeToken(api, { verbs: ['read'] });
  const neighbour = await makeToken(api, { apps: ['mine', 'doomed'] });
  const tokens = { stranger: null, liar: FALSE_TOKEN, viewer, neighbour, admin: TOKEN };
  return { api, tokens, vocabulary: await vocabularyOf(api), snapshot: () => snapshotOf(api) };
}

/** Ends it, and the connections to it, which would keep it waiting. */
export async function stopFuzzWorld(world: FuzzWorld | undefined): Promise<void> {
  agent.destroy();
  await world?.api.stop();
}

async function putApp(api: TestApi, app: string): Promise<void> {
  await api.client.post('/apps', { name: app, repo: `acme/${app}`, stack: 'api' });
  const place = { app, environment: 'production' };
  await putRelease(api.dataSource, place, { commit: 1 });
  await putRelease(api.dataSource, place, { commit: 2 });
  const deploy = await putDeploy(api.dataSource, { app, environment: 'development' }, 'deployed');
  putThere(api.world, place, [await putInstance(api.dataSource, deploy, { host: 'h1' })]);
}

/** By the name of the field; the id in a path is known by its collection. */
async function vocabularyOf({ dataSource }: TestApi): Promise<Vocabulary> {
  const ids = async (table: string): Promise<string[]> => [
    ...((await dataSource.query(`SELECT id::text FROM ${table} ORDER BY id LIMIT 6`)) as { id: string }[]).map(
      ({ id }) => id,
    ),
    '999999',
  ];
  const apps = ['mine', 'theirs', ...(await ids('apps'))];
  const environments = ['production', 'staging', 'development'];
  const of = async (name: string, table: string) => ({ [name]: await ids(table) });
  return {
    ...{
      app: apps,
      'apps.id': apps,
      'DELETE apps.id': ['doomed', '999999'],
      environment: environments,
      'environments.id': environments,
    },
    ...{ stack: ['api', 'build'], 'stacks.id': ['api', 'build'], 'hosts.id': ['h1', 'h2', 'h9'], host: ['h1', 'h2'] },
    ...{
      ref: ['main', 'v1', 'nowhere'],
      rref: ['main', shaOf(1), 'nowhere'],
      worker: ['web'],
      to: ['previous', 'v1', 'v2'],
    },
    ...{ from: ['production', 'staging'], repo: ['acme/mine', 'acme/other'], appId: apps },
    ...(await of('builds.id', 'builds')),
    ...(await of('deploys.id', 'deploys')),
    ...(await of('releases.id', 'releases')),
    ...(await of('workers.id', 'workers')),
    ...(await of('config_sets.id', 'config_sets')),
    ...(await of('tokens.id', 'api_tokens')),
  };
}

async function snapshotOf({ dataSource }: TestApi): Promise<Snapshot> {
  const tables = (await dataSource.query(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
  )) as { tablename: string }[];
  const entries = tables
    .filter(({ tablename }) => !OF_REQUESTS.has(tablename))
    .map(async ({ tablename }) => {
      const rows = (await dataSource.query(`SELECT to_jsonb(t)::text AS row FROM "${tablename}" t ORDER BY 1`)) as {
        row: string;
      }[];
      return [tablename, rows.map(({ row }) => row)] as const;
    });
  return Object.fromEntries(await Promise.all(entries));
}
