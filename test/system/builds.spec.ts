import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataSourceOptions } from '../../src/store/data-source.js';
import { attachCluster, type Cluster } from '../../tools/cluster/cluster.js';
import { BUILDSTEP_BUILDER, cnbBuilder, importImage, RUN_IMAGE } from '../support/builder-images.js';
import { eventually } from '../support/eventually.js';
import { everythingIn } from '../support/everything.js';
import { BareRepository } from '../support/git-server.js';
import { Jockey, type SeenDeploy } from './jockey.js';

/** What the builders of the tests make a process of: its page names the process. */
const APP_SH = [
  '#!/bin/sh',
  'mkdir -p /tmp/www',
  'echo "process $1" > /tmp/www/index.html',
  'echo fine > /tmp/www/healthz',
  'exec httpd -f -p "${PORT:-8888}" -h /tmp/www',
  '',
].join('\n');

const SECRET = 'n0-w0rd-0f-th1s';

let cluster: Cluster;
let jockey: Jockey;

const named = (image: string) => `${cluster.env['REGISTRY_ADDRESS']}/builders/${image}`;

beforeAll(async () => {
  cluster = await attachCluster(process.env['JOCKEY_TEST_CLUSTER'] ?? '');
  await publish(named('buildstep:1'), BUILDSTEP_BUILDER);
  await publish(named('run:1'), RUN_IMAGE);
  await publish(named('cnb:1'), cnbBuilder(named('run:1')));
  jockey = await Jockey.start({
    SECRETS_KEY: randomBytes(32).toString('base64'),
    BUILDSTEP_IMAGE: named('buildstep:1'),
    CNB_BUILDER_IMAGE: named('cnb:1'),
    RETENTION_RELEASES: '2',
    RETENTION_BUILDS: '1',
    RETENTION_IMAGE_DAYS: '1',
  });
});
afterAll(() => jockey?.stop());

/** Puts an image into the registry, as an operator does. */
async function publish(image: string, root: Parameters<typeof importImage>[2]): Promise<void> {
  const { hostname, port } = new URL(cluster.hosts[0]?.dockerUrl ?? '');
  const docker = new Docker({ host: hostname, port: Number(port) });
  await importImage(docker, image, root);
  const stream = await docker.getImage(image).push({ authconfig: { username: '', password: '', serveraddress: '' } });
  await new Promise((resolve, reject) =>
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve(null))),
  );
}

/** An app of a repository of its own, with these files on `main`. */
async function appOf(name: string, files: Readonly<Record<string, string>>): Promise<BareRepository> {
  const repository = await BareRepository.create(join(cluster.env['GIT_LOCAL_ROOT'] ?? '', 'jockey', `${name}.git`));
  await repository.commit(files, 'main');
  await jockey.createApp(name, { scale: 1 });
  await set(name, { repo: `jockey/${name}` });
  return repository;
}

async function set(app: string, change: object): Promise<void> {
  const { status, text } = await jockey.client.put(`/apps/${app}`, change);
  expect(status, text).toBe(200);
}

async function pageOf(deploy: SeenDeploy): Promise<string> {
  expect(deploy.state, `${deploy.failure_reason}\n${jockey.words}`).toBe('deployed');
  const [instance] = deploy.instances;
  if (instance === undefined) throw new Error('nothing runs');
  return jockey.page(instance);
}

async function get(path: string): Promise<Record<string, unknown>> {
  const { status, body, text } = await jockey.client.get(path);
  expect(status, text).toBe(200);
  return body.data as Record<string, unknown>;
}

/** Asks for a build, and answers its id. */
async function ask(app: string, ref = 'main'): Promise<string> {
  const { status, body, text } = await jockey.client.post('/builds', { app, ref });
  expect(status, text).toBe(202);
  return (body.data as { id: string }).id;
}

describe('an app without a Dockerfile', () => {
  it('is built by Cloud Native Buildpacks, says why, and serves', async () => {
    await appOf('native', { 'app.sh': APP_SH });
    expect(await pageOf(await jockey.deploy('native', 'main'))).toContain('process web');
    const [build] = (await get('/builds?app=native')) as unknown as [Record<string, unknown>];
    expect(build).toMatchObject({ state: 'completed', outcome: 'succeeded', method: 'cnb', branch: 'main' });
    expect(build['method_reason']).toContain('Dockerfile');
    expect(build['process_types']).toMatchObject([{ name: 'web' }, { name: 'worker' }]);
    const suggested = await get('/workers/suggestions?app=native&environment=production');
    expect(JSON.stringify(suggested)).toContain('/start worker');
    const statement = await jockey.client.get(`/builds/${String(build['id'])}/provenance`);
    expect(statement.text).toContain(named('cnb'));
  });

  it('is built by the classic builder where the app says so, with its Procfile', async () => {
    await appOf('classic', { 'app.sh': APP_SH, Procfile: 'web: bin/serve web\nclock: bin/serve clock\n' });
    await set('classic', { build_method: 'buildstep' });
    const preview = await jockey.client.post('/builds/preview', { app: 'classic', ref: 'main' });
    expect(preview.body.data, preview.text).toMatchObject({ method: 'buildstep' });
    expect(await pageOf(await jockey.deploy('classic', 'main'))).toContain('process web');
    const [build] = (await get('/builds?app=classic')) as unknown as [Record<string, unknown>];
    expect(build).toMatchObject({ method: 'buildstep', outcome: 'succeeded' });
    expect(build['process_types']).toContainEqual(expect.objectContaining({ name: 'clock' }));
  });

  it('and with nothing that buildpacks know fails with what was tried', async () => {
    await appOf('nothing', { 'readme.txt': 'nothing to build' });
    const deploy = await jockey.deploy('nothing', 'main');
    expect(deploy).toMatchObject({ state: 'failed' });
    expect(deploy.failure_reason).toMatch(/buildpack/);
  });
});

describe('a build', () => {
  it('reads its secret, and nobody else does', async () => {
    const dockerfile = [
      `FROM ${named('run:1')}`,
      'RUN --mount=type=secret,id=TOKEN cat /run/secrets/TOKEN && test "$(wc -c < /run/secrets/TOKEN)" = 15',
      'COPY app.sh /app.sh',
      `RUN ["/bin/sh", "-c", "printf '#!/bin/sh\\nexec sh /app.sh $1\\n' > /start && chmod 755 /start"]`,
      '',
    ].join('\n');
    await appOf('hushed', { Dockerfile: dockerfile, 'app.sh': APP_SH });
    const put = await jockey.client.put('/apps/hushed/build_secrets', { secrets: { TOKEN: SECRET } });
    expect(put.status, put.text).toBe(200);
    expect(await pageOf(await jockey.deploy('hushed', 'main'))).toContain('process web');
    const [build] = (await get('/builds?app=hushed')) as unknown as [{ id: string; image: string }];
    const log = await jockey.log('builds', build.id);
    expect(log.some((line) => line.includes('/run/secrets/TOKEN'))).toBe(true);
    for (const said of [log.join('\n'), put.text, jockey.words, ...(await everythingInPostgres())])
      expect(said).not.toContain(SECRET);
    expect(await historyOf(build.image)).not.toContain(SECRET);
  });

  it('is ended by a cancel in the middle, and nothing of it goes on', async () => {
    const dockerfile = `FROM ${named('run:1')}\nRUN echo "it began"; sleep 317\n`;
    await appOf('slow', { Dockerfile: dockerfile });
    const id = await ask('slow');
    await eventually('it builds', async () => (await jockey.log('builds', id)).includes('it began'), 60);
    const { status, text } = await jockey.client.post(`/builds/${id}/cancel`, { reason: 'enough' });
    expect(status, text).toBeLessThan(300);
    const ended = await eventually('it has ended', async () => {
      const build = await get(`/builds/${id}?wait=20`);
      return build['state'] === 'in_progress' ? false : build;
    });
    expect(ended).toMatchObject({ state: 'failed', outcome: 'canceled' });
    expect(await programs()).not.toContain('sleep 317');
    expect((await jockey.log('builds', id)).join('\n')).toContain('enough');
  });
});

describe('a clean-up', () => {
  it('removes the images that no release needs, says so before, and what runs goes on', async () => {
    const repository = await appOf('tidied', { 'app.sh': APP_SH });
    const shas: string[] = [];
    for (const version of ['one', 'two', 'three']) {
      shas.push(await repository.commit({ 'app.sh': APP_SH, version }, 'main'));
      await pageOf(await jockey.deploy('tidied', 'main'));
    }
    await age('tidied');
    const preview = await jockey.client.post('/clean_ups/preview', {});
    expect(preview.status, preview.text).toBe(200);
    const [first] = (await get(`/builds?app=tidied&rref=${shas[0]}`)) as unknown as [{ image: string }];
    expect(preview.body.data).toMatchObject({ remove: [{ kind: 'registry_image', what: first.image }] });
    const { status, text } = await jockey.client.post('/clean_ups', {});
    expect(status, text).toBeLessThan(300);
    const tags = async () => {
      const answer = await fetch(`http://${cluster.env['REGISTRY_ADDRESS']}/v2/tidied/tags/list`);
      return ((await answer.json()) as { tags: string[] | null }).tags ?? [];
    };
    await eventually('the first image is gone', async () => !(await tags()).includes(shas[0] ?? ''), 60);
    expect(await tags()).toContain(shas[2]);
    const again = await jockey.deploy('tidied', shas[0] ?? '');
    expect(await pageOf(again)).toContain('process web');
  });
});

/** Makes what was built of an app two days older. */
async function age(app: string): Promise<void> {
  const client = new pg.Client({ connectionString: jockey.databaseUrl });
  await client.connect();
  await client.query(
    `UPDATE builds SET created_at = created_at - interval '2 days', completed_at = completed_at - interval '2 days'
     WHERE app_id = (SELECT id FROM apps WHERE name = $1)`,
    [app],
  );
  await client.end();
}

/** Every row of the database. */
async function everythingInPostgres(): Promise<readonly string[]> {
  const store = await new DataSource({ ...dataSourceOptions(jockey.databaseUrl), migrations: [] }).initialize();
  return everythingIn(store).finally(() => store.destroy());
}

/** Command lines of all that runs on this machine, the hosts' containers and builds included. */
async function programs(): Promise<string> {
  return (await promisify(execFile)('ps', ['-eo', 'args'])).stdout;
}

/** How an image was made, as its Docker tells. */
async function historyOf(image: string): Promise<string> {
  const hosts = await Promise.all(
    cluster.hosts.map(async ({ dockerUrl }) => {
      const answer = await fetch(`${dockerUrl}/images/${image}/history`);
      return answer.ok ? answer.text() : '';
    }),
  );
  expect(hosts.join('')).toContain('/run/secrets/TOKEN');
  return hosts.join('');
}
