import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentRow, ReconcileRow, WorkerRow } from '../../src/store/entities/index.js';
import { DeployProgress } from '../../src/store/repositories/deploy-progress.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { putDeploy, seedPlaces } from '../support/world.js';

describe('restarts', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let appId: string;
  let environment: string;
  let environmentId: string;
  let web: string;
  let count = 0;

  const place = () => ({ app, environment });
  const restart = (body: object = place()) => client.put('/workers/restart', body);
  const rows = () => api.dataSource.manager.find(ReconcileRow, { where: { appId }, order: { id: 'ASC' } });
  const end = (id: string) => new DeployProgress(api.dataSource).endReconcile(id, appId, null);
  const newWorker = async (name: string, scale: number) =>
    (await client.post('/workers', { ...place(), name, command: `/start ${name}`, scale })).body.data.id;

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    environment = `place-${count}`;
    await api.dataSource.manager.insert(EnvironmentRow, { name: environment });
    environmentId = (await api.dataSource.manager.findOneByOrFail(EnvironmentRow, { name: environment })).id;
    appId = (await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' })).body.data.id;
    web = await newWorker('web', 2);
    await newWorker('mailer', 1);
    await putDeploy(api.dataSource, place(), 'deployed');
    api.world.queue.sent.length = 0;
  });

  it('of all workers are a reconcile, which the engine is told of', async () => {
    const asked = await restart();
    expect(asked.status).toBe(202);
    expect(asked.body.data).toMatchObject({
      app: { name: app },
      environment: { name: environment },
      state: 'in_progress',
      restart: { worker: null, only_unhealthy: false },
    });
    expect(await rows()).toMatchObject([{ restart: { workerId: null, onlyUnhealthy: false }, pending: [appId] }]);
    expect(api.world.queue.sent).toEqual([{ kind: 'app_environment', appId, environmentId }]);
    expect((await client.get(`/reconciles/${asked.body.data.id}`)).body.data).toEqual(asked.body.data);
  });

  it('are asked for by form, in the words of the original', async () => {
    const asked = await client.form(
      'PUT',
      '/workers/restart',
      `app=${app}&environment=${environment}&worker=web&healthy=false`,
    );
    expect(asked.status).toBe(202);
    expect(asked.body.data['restart']).toEqual({ worker: 'web', only_unhealthy: true });
    expect(await rows()).toMatchObject([{ restart: { workerId: web, onlyUnhealthy: true } }]);
  });

  it('of one worker are asked for by its id, with and without a body', async () => {
    const asked = await client.send('PUT', `/workers/${web}/restart`, {});
    expect([asked.status, asked.body.data['restart']]).toEqual([202, { worker: 'web', only_unhealthy: false }]);
    await end(asked.body.data.id);
    const again = await client.put(`/workers/${web}/restart`, { only_unhealthy: true });
    expect([again.status, again.body.data['restart']]).toEqual([202, { worker: 'web', only_unhealthy: true }]);
    expect(again.body.data.id).not.toBe(asked.body.data.id);
  });

  it('hold their answer until they settle', async () => {
    const held = client.put('/workers/restart?wait=30', place());
    const { id } = await eventually('the row', async () => (await rows())[0]);
    await end(id);
    expect((await held).body.data).toMatchObject({ id, state: 'completed' });
  });

  it('sent twenty times at once are one, and every answer shows it', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => restart()));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 202));
    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1);
    expect(await rows()).toHaveLength(1);
    const forced = await restart({ ...place(), force: true });
    expect(forced.body.data.id).toBe(answers[0]?.body.data.id);
  });

  it('of something else wait until the first has ended, unless forced', async () => {
    const first = (await restart()).body.data.id;
    const refused = await restart({ ...place(), worker: 'web' });
    expect([refused.status, refused.body.error.code]).toEqual([423, 'resource_locked']);
    expect(refused.body.detail).toContain(`Reconcile ${first}`);
    expect((await restart({ ...place(), only_unhealthy: true })).status).toBe(423);
    const forced = await restart({ ...place(), worker: 'web', force: true });
    expect(forced.status).toBe(202);
    expect(forced.body.data.id).not.toBe(first);
  });

  it('wait behind a deploy only when forced', async () => {
    const deploy = await putDeploy(api.dataSource, place(), 'deploying');
    const refused = await restart();
    expect(refused.status).toBe(423);
    expect(refused.body.detail).toContain(`Deploy ${deploy.id} is in progress here (deploying)`);
    expect((await restart({ ...place(), force: true })).status).toBe(202);
    expect((await client.put(`/workers/${web}/restart`, {})).status).toBe(423);
  });

  it('of a worker or an app that has none are 404, and say what is missing', async () => {
    const nobody = await restart({ ...place(), worker: 'wob' });
    expect([nobody.status, nobody.body.detail]).toEqual([
      404,
      `There is no worker "wob" of ${app} in ${environment}; GET /workers lists those that there are.`,
    ]);
    await api.dataSource.manager.insert(EnvironmentRow, { name: `${environment}-bare` });
    const bare = await restart({ app, environment: `${environment}-bare` });
    expect([bare.status, bare.body.detail]).toEqual([
      404,
      `${app} in ${environment}-bare has no workers, so there is nothing to restart; POST /workers makes one.`,
    ]);
    expect((await restart({ ...place(), app: 'nobody' })).status).toBe(404);
    for (const id of ['0', 'abc', '999999999', 'restart'])
      expect((await client.put(`/workers/${id}/restart`, {})).status).toBe(404);
    expect(await rows()).toEqual([]);
  });

  it('of workers at scale 0 are refused, saying how instances are started', async () => {
    await api.dataSource.manager.update(WorkerRow, { id: web }, { scale: 0 });
    const refused = await restart({ ...place(), worker: 'web' });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'unprocessable_entity']);
    expect(refused.body.detail).toBe(
      `web of ${app} in ${environment} is at scale 0, so nothing runs that could be restarted; ` +
        'PUT /workers/rescale starts instances.',
    );
    expect((await client.put(`/workers/${web}/restart`, {})).status).toBe(422);
    expect((await restart()).status).toBe(202);
    await api.dataSource.manager.update(WorkerRow, { appId }, { scale: 0 });
    expect((await restart()).body.detail).toContain(`Every worker of ${app} in ${environment} is at scale 0`);
  });

  it('are refused where nothing was ever deployed', async () => {
    await api.dataSource.query(`UPDATE deploys SET state = 'failed', outcome = 'reverted' WHERE app_id = $1`, [appId]);
    const refused = await restart();
    expect([refused.status, refused.body.error.code]).toEqual([422, 'unprocessable_entity']);
    expect(refused.body.detail).toContain('No deploy of');
    expect(await rows()).toEqual([]);
  });

  it.each([
    [{ healthy: true }, 'healthy'],
    [{ healthy: 'no' }, 'healthy'],
    [{ healthy: false, only_unhealthy: false }, 'only_unhealthy'],
    [{ only_unhealthy: 1 }, 'only_unhealthy'],
    [{ worker: 7 }, 'worker'],
    [{ environment: null }, 'environment'],
    [{ scale: 1 }, 'scale'],
  ])('refuse %j, naming the field', async (body, field) => {
    const refused = await restart({ ...place(), ...body });
    expect([refused.status, refused.body.errors.map((error) => error.field)]).toEqual([422, [field]]);
  });

  it('leave other reconciles as they were', async () => {
    const plain = await client.post('/reconciles', place());
    expect(plain.body.data['restart']).toBeNull();
    expect((await restart()).status).toBe(423);
  });
});
