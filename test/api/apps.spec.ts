import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeployRow } from '../../src/store/entities/index.js';
import { lockApp } from '../../src/store/repositories/lock-app.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { putDeploy, putInstance, seedPlaces } from '../support/world.js';

describe('apps', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let name: string;

  const create = (more: object = {}) => client.post('/apps', { name, repo: `jockey/${name}`, stack: 'api', ...more });

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(() => {
    count += 1;
    name = `app-${count}`;
  });

  it('are created, shown by name and id, and listed newest first', async () => {
    const created = await create({ subscribe_to_github_webhook: true, git_url: 'https://git.example.com/x.git' });
    expect(created.status).toBe(201);
    expect(created.body.data).toEqual({
      id: expect.stringMatching(/^[0-9]+$/),
      name,
      repo: `jockey/${name}`,
      stack: 'api',
      subscribe_to_github_webhook: true,
      report_to_github: true,
      git_url: 'https://git.example.com/x.git',
      release_command: '',
      release_timeout_seconds: 600,
      deploy_queue: 'latest_wins',
      ...{ build_method: 'auto', dockerfile: 'Dockerfile', build_context: '.', build_target: null, build_args: {} },
      ...{ builder_image: null, build_queue: 'all', build_timeout_minutes: null },
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect((await client.get(`/apps/${name}`)).body.data).toEqual(created.body.data);
    expect((await client.get(`/apps/${created.body.data.id}`)).body.data).toEqual(created.body.data);
    expect((await client.get(`/apps?repo=jockey/${name}`)).body.data).toEqual([created.body.data]);
    expect((await client.get(`/apps?name=${name}`)).body.data).toEqual([created.body.data]);
    expect((await client.get('/apps?name=nobody')).body.data).toEqual([]);
    expect((await client.get('/apps')).body.data).toMatchObject({ 0: { name } });
  });

  it('say how their deploys go, with a release command that is read as words', async () => {
    const settings = {
      release_command: 'bin/rails "db migrate"',
      release_timeout_seconds: 60,
      deploy_queue: 'all_in_order',
    };
    expect((await create(settings)).body.data).toMatchObject(settings);
    const kept = await client.put(`/apps/${name}`, { repo: 'other/repo' });
    expect(kept.body.data).toMatchObject(settings);
    const refused = await client.put(`/apps/${name}`, { release_command: "sh -c 'a" });
    expect([refused.status, refused.body.detail]).toEqual([
      422,
      "release_command has an opening ' without its closing one.",
    ]);
    const none = await client.form('PUT', `/apps/${name}`, 'release_command=&release_timeout_seconds=86400');
    expect(none.body.data).toMatchObject({ release_command: '', release_timeout_seconds: 86_400 });
  });

  it('begin with variables and a web worker at scale 0 in production and development', async () => {
    await create();
    for (const environment of ['production', 'development']) {
      const sets = await client.get(`/config_sets?app=${name}&environment=${environment}`);
      expect(sets.body.data).toMatchObject([
        {
          config: { PORT: '8888', RACK_ENV: environment, id: environment },
          config_command_line_args: ` -e PORT="8888" -e RACK_ENV="${environment}" -e id="${environment}"`,
          version: 1,
        },
      ]);
      const workers = await client.get(`/workers?app=${name}&environment=${environment}`);
      expect(workers.body.data).toMatchObject([{ name: 'web', scale: 0, command: '/start web', port: 8888 }]);
    }
    expect((await client.get(`/workers?app=${name}&environment=staging`)).body.data).toEqual([]);
  });

  it('come from a form, as the Ruby client sends it', async () => {
    const created = await client.form(
      'POST',
      '/apps',
      `name=${name}&repo=jockey%2Fsample&stack=api&subscribe_to_github_webhook=true`,
    );
    expect(created.status).toBe(201);
    expect(created.body.data).toMatchObject({ repo: 'jockey/sample', subscribe_to_github_webhook: true });
  });

  it.each([
    [{ name: 'Not_A_Label' }, ['name']],
    [{ name: 7 }, ['name']],
    [{ name: null }, ['name']],
    [{ name: 'x'.repeat(41) }, ['name']],
    [{ repo: 'no-slash' }, ['repo']],
    [{ repo: 'a/b/c' }, ['repo']],
    [{ repo: '../..' }, ['repo']],
    [{ stack: { name: 'api' } }, ['stack']],
    [{ subscribe_to_github_webhook: 'true' }, ['subscribe_to_github_webhook']],
    [{ git_url: 'file:///etc' }, ['git_url']],
    [{ release_command: 'sh -c "' }, ['release_command']],
    [{ release_command: 7 }, ['release_command']],
    [{ release_command: null }, ['release_command']],
    [{ release_command: 'x'.repeat(4097) }, ['release_command']],
    [{ release_timeout_seconds: 0 }, ['release_timeout_seconds']],
    [{ release_timeout_seconds: 86_401 }, ['release_timeout_seconds']],
    [{ deploy_queue: 'first_wins' }, ['deploy_queue']],
    [{ git_url: 'ext::sh -c id' }, ['git_url']],
    [{ colour: 'red', shape: 'round' }, ['colour', 'shape']],
    [{ name: 'a b', repo: 'x' }, ['name', 'repo']],
  ])('refuse %j, naming each field', async (fault, fields) => {
    const refused = await create(fault);
    expect(refused.status).toBe(422);
    expect(refused.body.error.code).toBe('record_invalid');
    expect(refused.body.errors.map(({ field }) => field)).toEqual(fields);
  });

  it('name what is missing', async () => {
    const refused = await client.post('/apps', {});
    expect(refused.body.errors).toEqual([
      { field: 'name', message: 'is required.' },
      { field: 'repo', message: 'is required.' },
    ]);
  });

  it('refuse a stack that is not there, and a name that is taken', async () => {
    expect((await create({ stack: 'nowhere' })).body.error).toEqual({
      code: 'not_found',
      message: 'There is no stack "nowhere".',
    });
    await create();
    const again = await create();
    expect(again.status).toBe(409);
    expect(again.body.error.message).toBe(`There is an app "${name}" already.`);
  });

  it('are one when the same is created twenty times at once', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => create()));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)]);
    expect((await client.get(`/workers?app=${name}`)).body.pagination['total_count']).toBe(2);
  });

  it('are changed in part', async () => {
    await create();
    const changed = await client.put(`/apps/${name}`, { repo: 'other/repo', stack: 'build', git_url: null });
    expect(changed.body.data).toMatchObject({ name, repo: 'other/repo', stack: 'build', git_url: null });
    expect((await client.put(`/apps/${name}`, {})).body.data).toEqual(changed.body.data);
    expect((await client.put(`/apps/${name}`, { name: `${name}-new` })).status).toBe(200);
    expect((await client.get(`/apps/${name}`)).status).toBe(404);
  });

  it('keep their name while something runs under it', async () => {
    await create();
    const deploy = await putDeploy(api.dataSource, { app: name, environment: 'production' }, 'deployed');
    await putInstance(api.dataSource, deploy, { host: 'h1' });
    const refused = await client.put(`/apps/${name}`, { name: `${name}-new` });
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain('runs in production');
  });

  it('are not changed by who read an older version', async () => {
    const created = await create();
    const etag = created.headers.get('etag') ?? '';
    expect(etag).toBe('"1"');
    const first = await client.put(`/apps/${name}`, { repo: 'a/b' }, { 'if-match': etag });
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).toBe('"2"');
    const second = await client.put(`/apps/${name}`, { repo: 'c/d' }, { 'if-match': etag });
    expect(second.status).toBe(412);
    expect(second.body.error.code).toBe('stale');
    expect((await client.get(`/apps/${name}`, unlessIs('"2"'))).status).toBe(304);
    expect((await client.get(`/apps/${name}`, unlessIs('"1"'))).status).toBe(200);
    expect((await client.delete(`/apps/${name}`, { 'if-match': '"1"' })).status).toBe(412);
    expect((await client.delete(`/apps/${name}`, { 'if-match': '*' })).status).toBe(200);
  });

  it('are deleted: gone at once, the engine told where something runs, the name free again', async () => {
    await create();
    const deploy = await putDeploy(api.dataSource, { app: name, environment: 'production' }, 'deployed');
    await putInstance(api.dataSource, deploy, { host: 'h1' });
    const workers = await client.get(`/workers?app=${name}&environment=production`);
    const workerId = (workers.body.data as unknown as { id: string }[])[0]?.id;
    api.world.queue.sent.length = 0;

    const deleted = await client.delete(`/apps/${name}`);
    expect(deleted.status).toBe(200);
    expect(deleted.body.data).toMatchObject({ name });
    expect(api.world.queue.sent).toEqual([
      { kind: 'app_environment', appId: deploy.appId, environmentId: deploy.environmentId },
    ]);
    for (const path of [`/apps/${name}`, `/apps/${deploy.appId}`, `/workers/${workerId}`, `/workers?app=${name}`])
      expect((await client.get(path)).status).toBe(404);
    expect((await client.delete(`/apps/${name}`)).status).toBe(404);
    const again = await create();
    expect(again.status).toBe(201);
    expect(again.body.data.id).not.toBe(deploy.appId);
  });

  it('are locked while they deploy, saying by what, since when, and how to go on', async () => {
    await create();
    const deploy = await putDeploy(api.dataSource, { app: name, environment: 'staging' }, 'building');
    const refused = await client.delete(`/apps/${name}`);
    expect(refused.status).toBe(423);
    expect(refused.body.error).toEqual({
      code: 'resource_locked',
      message: `Deploy ${deploy.id} of ${name} to staging is in progress (building) since ${deploy.createdAt.toISOString()}; wait until GET /deploys/${deploy.id} says deployed or failed, then delete again.`,
    });
  });

  it('are never deleted under a deploy that is just being written', async () => {
    const { id: appId } = (await create()).body.data;
    const environment = (await client.get('/environments/production')).body.data;
    let deleting: Promise<{ status: number }> | undefined;
    await api.dataSource.transaction(async (manager) => {
      await lockApp(manager, appId, 'share');
      deleting = client.delete(`/apps/${name}`);
      await waitingForLock(api);
      const row = { appId, environmentId: environment.id, rref: 'a'.repeat(40), state: 'created' };
      await manager.insert(DeployRow, row as DeployRow);
    });
    expect((await deleting)?.status).toBe(423);

    await api.dataSource.getRepository(DeployRow).update({ appId }, { state: 'failed' });
    expect((await client.delete(`/apps/${name}`)).status).toBe(200);
    await expect(api.dataSource.transaction((manager) => lockApp(manager, appId, 'share'))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  describe('available_node', () => {
    const find = () => client.get(`/apps/available_node?app=${name}&environment=production`);

    it('is the emptiest host that is healthy and not cordoned', async () => {
      await create();
      const deploy = await putDeploy(api.dataSource, { app: name, environment: 'production' }, 'deployed');
      await putInstance(api.dataSource, deploy, { host: 'n1' });
      await api.dataSource.query(`INSERT INTO hosts (name, cordoned) VALUES ('n2', true)`);
      api.world.hosts.pools.set('api/production', [
        aHost('n1'),
        aHost('n2'),
        aHost('n3', { healthy: false, unhealthyBecause: 'docker is away' }),
        aHost('n4', { address: '10.0.0.4' }),
      ]);
      expect((await find()).body.data).toMatchObject({ id: 'n4', address: '10.0.0.4', instances: 0 });

      api.world.hosts.pools.set('api/production', [aHost('n2'), aHost('n3', { healthy: false })]);
      const none = await find();
      expect(none.status).toBe(422);
      expect(none.body.detail).toContain('n2 is cordoned');
      expect(none.body.detail).toContain('n3 is not healthy');
    });

    it('names the service that has no nodes', async () => {
      await create();
      api.world.hosts.pools.clear();
      const none = await find();
      expect(none.status).toBe(422);
      expect(none.body.detail).toContain('jockey-api-production');
    });

    it('asks for both parameters, and finds both', async () => {
      expect((await client.get('/apps/available_node')).body.errors.map(({ field }) => field)).toEqual([
        'app',
        'environment',
      ]);
      expect((await client.get('/apps/available_node?app=nobody&environment=production')).status).toBe(404);
    });
  });
});

/** Without a word on caches `fetch` demands a whole answer. */
const unlessIs = (etag: string) => ({ 'if-none-match': etag, 'cache-control': 'max-age=0' });

/** Until another connection waits for a lock, or twenty seconds are over. */
async function waitingForLock(api: TestApi): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const rows = await api.dataSource.query<unknown[]>(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
  throw new Error('nobody came to wait for the lock');
}
