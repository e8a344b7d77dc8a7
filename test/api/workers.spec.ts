import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ReconcileRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { putDeploy, putInstance, seedPlaces } from '../support/world.js';

describe('workers', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;
  let id: string;

  const firstId = async (path: string) => ((await client.get(path)).body.data as unknown as { id: string }[])[0]?.id;
  const reconciles = () => api.dataSource.getRepository(ReconcileRow).findBy({ appId: appId });
  let appId: string;

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    appId = (await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' })).body.data.id;
    id = (await firstId(`/workers?app=${app}&environment=production`)) ?? '';
    api.world.queue.sent.length = 0;
  });

  it('are created with defaults, listed and shown', async () => {
    const created = await client.post('/workers', {
      app,
      environment: 'staging',
      name: 'mail_er',
      command: 'run mails',
    });
    expect(created.status).toBe(201);
    expect(created.body.data).toMatchObject({
      name: 'mail_er',
      command: 'run mails',
      scale: 0,
      app: { id: appId, name: app },
      environment: { name: 'staging' },
      port: null,
      memory_mb: 256,
      cpus: 0.1,
      health_path: '/',
      drain_seconds: 5,
    });
    expect((await client.get(`/workers/${created.body.data.id}`)).body.data).toEqual(created.body.data);
    expect((await client.get(`/workers?app=${app}&worker=mail_er`)).body.data).toEqual([created.body.data]);
    expect((await client.get(`/workers?app=${app}&worker=nobody`)).body.data).toEqual([]);
    const again = await client.post('/workers', { app, environment: 'staging', name: 'mail_er' });
    expect(again.status).toBe(409);
  });

  it('say whether their instances may move', async () => {
    expect((await client.get(`/workers/${id}`)).body.data['may_move']).toBe(true);
    expect((await client.put(`/workers/${id}`, { may_move: false })).body.data['may_move']).toBe(false);
    expect((await client.get(`/workers/${id}`)).body.data['may_move']).toBe(false);
    const refused = await client.put(`/workers/${id}`, { may_move: 'never' });
    expect([refused.status, refused.body.errors[0]?.field]).toEqual([422, 'may_move']);
    expect((await client.put(`/workers/${id}`, { may_move: null })).status).toBe(422);
    const made = { app, environment: 'staging', name: 'db', may_move: false };
    expect((await client.post('/workers', made)).body.data['may_move']).toBe(false);
  });

  it('scale by a form, as the Ruby client sends it', async () => {
    const scaled = await client.form('PUT', `/workers/${id}`, 'scale=3');
    expect(scaled.status).toBe(200);
    expect(scaled.body.data).toMatchObject({ id, name: 'web', scale: 3 });
  });

  it('start a reconcile with a change of scale, and tell the engine', async () => {
    const { environmentId } = await putDeploy(api.dataSource, { app, environment: 'production' }, 'deployed');
    await client.put(`/workers/${id}`, { scale: 2 });
    expect(await reconciles()).toMatchObject([{ appId, environmentId, state: 'in_progress', pending: [appId] }]);
    expect(api.world.queue.sent).toEqual([{ kind: 'app_environment', appId, environmentId }]);

    await client.put(`/workers/${id}`, { scale: 2, memory_mb: 512 });
    expect(await reconciles()).toHaveLength(1);
    expect(api.world.queue.sent).toHaveLength(1);
  });

  it('leave the new scale to the deploy in progress', async () => {
    await putDeploy(api.dataSource, { app, environment: 'production' }, 'deployed');
    await putDeploy(api.dataSource, { app, environment: 'production' }, 'deploying');
    await client.put(`/workers/${id}`, { scale: 2 });
    expect(await reconciles()).toEqual([]);
    expect(api.world.queue.sent).toHaveLength(1);
  });

  it('reconcile nothing where nothing was deployed', async () => {
    await putDeploy(api.dataSource, { app, environment: 'production' }, 'failed');
    await client.put(`/workers/${id}`, { scale: 2 });
    expect(await reconciles()).toEqual([]);
  });

  it('are rescaled by app, environment and name', async () => {
    const scaled = await client.put('/workers/rescale', { app, environment: 'production', name: 'web', scale: 4 });
    expect(scaled.status).toBe(200);
    expect(scaled.body.data).toMatchObject({ id, scale: 4 });
    const missing = await client.put('/workers/rescale', { app, environment: 'production', name: 'wob', scale: 4 });
    expect(missing.status).toBe(404);
    expect((await client.put('/workers/rescale', { app, environment: 'production', name: 'web' })).status).toBe(422);
  });

  it.each([[-1], [1.5], ['many'], ['3'], [1e9], [1001], [null], [true], [[3]], [{}]])(
    'refuse the scale %j, saying what it should be',
    async (scale) => {
      const refused = await client.put(`/workers/${id}`, { scale });
      expect(refused.status).toBe(422);
      expect(refused.body.errors).toEqual([
        { field: 'scale', message: `is ${JSON.stringify(scale)}, but should be a whole number from 0 to 1000.` },
      ]);
      expect(refused.body.error.message).toBe(`scale ${refused.body.errors[0]?.message}`);
      expect((await client.get(`/workers/${id}`)).body.data['scale']).toBe(0);
    },
  );

  it.each(['-1', '1.5', 'many', '1e9', '', '0x3', ' 3', '+3', '1001'])(
    'refuse the scale %j of a form',
    async (scale) => {
      const refused = await client.form('PUT', `/workers/${id}`, `scale=${encodeURIComponent(scale)}`);
      expect(refused.status).toBe(422);
      expect(refused.body.errors.map(({ field }) => field)).toEqual(['scale']);
    },
  );

  it.each([
    [{ memory_mb: 5 }, 'memory_mb'],
    [{ cpus: 0 }, 'cpus'],
    [{ cpus: '1' }, 'cpus'],
    [{ port: 0 }, 'port'],
    [{ port: 65_536 }, 'port'],
    [{ health_path: 'up' }, 'health_path'],
    [{ health_path: '/a b' }, 'health_path'],
    [{ health_interval_seconds: 0 }, 'health_interval_seconds'],
    [{ health_deadline_seconds: 99_999 }, 'health_deadline_seconds'],
    [{ drain_seconds: -1 }, 'drain_seconds'],
    [{ stop_grace_seconds: 1e6 }, 'stop_grace_seconds'],
    [{ command: 'say "hi' }, 'command'],
    [{ command: 'x'.repeat(4097) }, 'command'],
    [{ command: 'a\u0000b' }, 'command'],
    [{ name: 'other' }, 'name'],
  ])('refuse %j', async (body, field) => {
    const refused = await client.put(`/workers/${id}`, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((error) => error.field)).toEqual([field]);
  });

  it('take a port only where there is traffic', async () => {
    const refused = await client.post('/workers', { app, environment: 'staging', name: 'job', port: 80 });
    expect(refused.body.errors).toEqual([
      { field: 'port', message: 'is only for the worker web; job takes no traffic.' },
    ]);
    expect((await client.put(`/workers/${id}`, { port: 3000 })).body.data['port']).toBe(3000);
    expect((await client.put(`/workers/${id}`, { port: null })).body.data['port']).toBe(8888);
  });

  it('are not changed by who read an older version', async () => {
    expect((await client.get(`/workers/${id}`)).headers.get('etag')).toBe('"1"');
    expect((await client.put(`/workers/${id}`, { scale: 1 }, { 'if-match': '"1"' })).headers.get('etag')).toBe('"2"');
    expect((await client.put(`/workers/${id}`, { scale: 2 }, { 'if-match': '"1"' })).status).toBe(412);
  });

  it('show their instances of this environment alone, as Consul has them', async () => {
    const registered = (key: string, environment: string, service = `${app}-web`) => ({
      id: key,
      service,
      node: 'h1',
      address: '10.0.0.1',
      port: 20_001,
      tags: ['rref:abc', 'deploy_id:1'],
      meta: { app, environment, worker: 'web', slot: '1', deploy: '1' },
      check: 'passing' as const,
      checkOutput: 'HTTP 200',
    });
    api.world.registry.services.set(`${app}-web`, [registered('a', 'production'), registered('b', 'development')]);
    expect((await client.get(`/workers/${id}/deploys`)).body.data).toEqual({
      id,
      name: `${app}-web`,
      instances: [
        {
          id: 'a',
          node: { id: 'h1', address: '10.0.0.1' },
          service: { id: 'a' },
          port: 20_001,
          tags: ['rref:abc', 'deploy_id:1'],
          check: { status: 'passing', output: 'HTTP 200' },
          standby: false,
          desired: null,
        },
      ],
    });
    const deploy = await putDeploy(api.dataSource, { app, environment: 'production' }, 'deployed');
    const { containerName } = await putInstance(api.dataSource, deploy, { host: 'h1' });
    api.world.registry.services.set(`${app}-web-standby`, [
      registered(containerName, 'production', `${app}-web-standby`),
      registered('c', 'development', `${app}-web-standby`),
    ]);
    expect((await client.get(`/workers/${id}/deploys`)).body.data['instances']).toMatchObject([
      { id: 'a', standby: false, desired: null },
      { id: containerName, standby: true, desired: 'running' },
    ]);
    expect((await client.get('/workers/0/deploys')).status).toBe(404);
  });

  it.each(['abc', '0', '999999999', '1.5', 'rescale', '%20'])('answer 404 for the id %s', async (key) => {
    expect((await client.get(`/workers/${key}`)).status).toBe(404);
  });
});
