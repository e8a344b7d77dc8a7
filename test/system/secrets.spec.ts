import { randomBytes } from 'node:crypto';
import Bull from 'bull';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataSourceOptions } from '../../src/store/data-source.js';
import { everythingIn } from '../support/everything.js';
import { Jockey } from './jockey.js';

const CANARY = 'c4n4ry-in-the-coal-mine';

/** As it is, and its middle in Base64. */
const FORMS = [
  'c4n4ry',
  Buffer.from('xc4n4ry').toString('base64').slice(2, 8),
  Buffer.from('c4n4ry').toString('base64'),
];

let jockey: Jockey;
const answers: string[] = [];

beforeAll(async () => {
  jockey = await Jockey.start({ SECRETS_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'trace' });
});
afterAll(() => jockey?.stop());

const put = async (path: string, body: object) => {
  const reply = await jockey.client.put(path, body);
  answers.push(reply.text);
  expect(reply.status, reply.text).toBe(200);
  return reply.body.data;
};

interface Inspected {
  readonly Config: { readonly Env: readonly string[]; readonly Labels: Readonly<Record<string, string>> };
}

/** The containers of the app, as the Docker of their hosts describes them. */
async function inspected(app: string): Promise<readonly Inspected[]> {
  const names = await jockey.containersOf(app);
  const found = await Promise.all(
    jockey.cluster.hosts.flatMap(({ dockerUrl }) =>
      names.map(async (name) => {
        const answer = await fetch(`${dockerUrl}/containers/${name}/json`);
        return answer.ok ? [(await answer.json()) as Inspected] : [];
      }),
    ),
  );
  return found.flat();
}

/** Every key of Redis, with what it holds. */
async function everythingInRedis(): Promise<readonly string[]> {
  const queue = new Bull('a look at everything', jockey.cluster.env['REDIS_URL'] ?? '');
  try {
    const { client } = await queue.isReady();
    const keys = await client.keys('*');
    const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
    return [...keys, ...dumps.map((dump) => dump?.toString('latin1') ?? '')];
  } finally {
    await queue.close();
  }
}

async function everythingInConsul(): Promise<readonly string[]> {
  const consul = jockey.cluster.env['CONSUL_HTTP_ADDR'] ?? '';
  const urls = [`${consul}/v1/health/state/any`, `${consul}/v1/kv/?recurse`, `${consul}/v1/catalog/services`];
  const agents = jockey.cluster.hosts.map(({ agentUrl }) => `${agentUrl}/v1/agent/services`);
  return Promise.all([...urls, ...agents].map(async (url) => (await fetch(url)).text()));
}

describe('a secret, with everything real', () => {
  it('is in the containers; the output of release command and dying app shows it to nobody', async () => {
    const web = await jockey.createApp('keeper');
    await put('/apps/keeper', { release_command: 'busybox env' });
    const sets = await jockey.client.get('/config_sets?app=keeper&environment=production');
    const [set] = sets.body.data as unknown as { id: string }[];
    await put(`/config_sets/${set?.id}`, { secrets: { TOKEN: CANARY } });
    const good = await jockey.deploy('keeper', 'main');
    expect(good.state, jockey.words).toBe('deployed');
    const containers = await inspected('keeper');
    expect(containers).toHaveLength(3);
    for (const { Config } of containers) expect(Config.Env).toContain(`TOKEN=${CANARY}`);
    expect((await jockey.log('deploys', good.id)).join('\n')).toContain('release | TOKEN=[secret TOKEN]');

    await put(`/workers/${web}`, { command: 'busybox sh -c "env; exit 3"' });
    const bad = await jockey.deploy('keeper', 'main');
    expect(bad).toMatchObject({ state: 'failed', failure: { exit_code: 3 } });
    expect(bad.failure?.last_lines).toContain('TOKEN=[secret TOKEN]');
    answers.push(JSON.stringify([good, bad]));
  });

  it('was written nowhere else: not in Postgres, Redis, Consul, labels, answers or logs', async () => {
    for (const path of ['/deploys', '/config_sets', '/audit', '/releases?app=keeper', '/sanity', '/workers/1/deploys'])
      answers.push((await jockey.client.get(path)).text);
    const dataSource = await new DataSource({ ...dataSourceOptions(jockey.databaseUrl), migrations: [] }).initialize();
    const rows = await everythingIn(dataSource).finally(() => dataSource.destroy());
    const labels = (await inspected('keeper')).map(({ Config }) => JSON.stringify(Config.Labels));
    expect(rows.some((row) => row.includes('[secret TOKEN]'))).toBe(true);
    expect(jockey.words).toContain('deployed');
    const places = { rows, redis: await everythingInRedis(), consul: await everythingInConsul(), labels, answers };
    for (const [place, texts] of Object.entries({ ...places, logs: [jockey.words] }))
      for (const form of FORMS)
        expect(
          texts.filter((text) => text.includes(form)),
          `${form} in ${place}`,
        ).toEqual([]);
  });
});
