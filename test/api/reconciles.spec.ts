import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { EnvironmentRow, InstanceRow, ReconcileRow, WorkerRow } from '../../src/store/entities/index.js';
import { DeployProgress } from '../../src/store/repositories/deploy-progress.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { putDeploy, putInstance, putThere, seedPlaces } from '../support/world.js';

describe('reconciles', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let appId: string;
  let environment: string;
  let environmentId: string;
  let count = 0;

  const place = () => ({ app, environment });
  const ask = (body: object = place()) => client.post('/reconciles', body);
  const preview = (body: object = place()) => client.post('/reconciles/preview', body);
  const end = (id: string) => new DeployProgress(api.dataSource).endReconcile(id, appId, null);
  const newApp = async (name: string) =>
    (await client.post('/apps', { name, repo: 'jockey/sample', stack: 'api' })).body.data.id;

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
    appId = await newApp(app);
    await client.post('/workers', { ...place(), name: 'web', command: '/start web', scale: 2 });
    api.world.queue.sent.length = 0;
  });

  it('are asked for of an app, shown, listed and handed to the engine', async () => {
    const asked = await ask({ ...place(), callback_url: 'https://ci.example.com/done' });
    expect(asked.status).toBe(202);
    expect(asked.body.data).toEqual({
      id: expect.stringMatching(/^[0-9]+$/),
      environment: { id: environmentId, name: environment },
      app: expect.objectContaining({ id: appId, name: app }),
      state: 'in_progress',
      plan: [],
      restart: null,
      failure_reason: null,
      callback_url: 'https://ci.example.com/done',
      created_at: expect.any(String),
      updated_at: expect.any(String),
      completed_at: null,
    });
    const { id } = asked.body.data;
    expect(api.world.queue.sent).toEqual([{ kind: 'app_environment', appId, environmentId }]);
    expect((await client.get(`/reconciles/${id}`)).body.data).toEqual(asked.body.data);
    const listed = await client.get(`/reconciles?app=${app}&environment=${environment}&state=in_progress`);
    expect(listed.body.data).toEqual([asked.body.data]);
    expect((await client.get(`/reconciles/${id}/logs`)).text).toBe('{"logs":[]}');
  });

  it('hold their answer until they settle', async () => {
    const held = client.post('/reconciles?wait=30', place());
    const { id } = await eventually('the row', () => api.dataSource.manager.findOneBy(ReconcileRow, { appId }));
    await end(id);
    expect((await held).body.data).toMatchObject({ id, state: 'completed', completed_at: expect.any(String) });
  });

  it('of all apps wait for each that has something there, and for no other', async () => {
    await putDeploy(api.dataSource, place(), 'deployed');
    const other = `${app}-other`;
    const otherId = await newApp(other);
    await putDeploy(api.dataSource, { app: other, environment }, 'deployed');
    await newApp(`${app}-idle`);
    const asked = await ask({ environment });
    expect(asked.body.data).toMatchObject({ app: null, state: 'in_progress' });
    const told = api.world.queue.sent.map((each) => ('appId' in each ? each.appId : ''));
    expect(told.sort()).toEqual([appId, otherId].sort());
    await end(asked.body.data.id);
    expect((await client.get(`/reconciles/${asked.body.data.id}`)).body.data['state']).toBe('in_progress');
    await new DeployProgress(api.dataSource).endReconcile(asked.body.data.id, otherId, 'no room');
    expect((await client.get(`/reconciles/${asked.body.data.id}`)).body.data).toMatchObject({
      state: 'failed',
      failure_reason: 'no room',
    });
  });

  it('of all apps end at once where there is nothing', async () => {
    const asked = await ask({ environment });
    expect(asked.body.data).toMatchObject({
      app: null,
      state: 'completed',
      plan: [],
      completed_at: expect.any(String),
    });
    expect(api.world.queue.sent).toEqual([]);
  });

  it('posted twenty times at once are one; the others are told what is in the way', async () => {
    const gate = api.dataSource.createQueryRunner();
    await gate.startTransaction();
    await gate.query('SELECT 1 FROM apps WHERE id = $1 FOR UPDATE', [appId]);
    const asking = Promise.all(Array.from({ length: 20 }, () => ask()));
    try {
      await eventually('ten of them stand at the gate', async () => {
        const waiting = (await gate.query(
          `SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid`,
        )) as unknown as unknown[];
        return waiting.length >= 10;
      });
    } finally {
      await gate.commitTransaction();
      await gate.release();
    }
    const answers = await asking;
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(1);
    expect(statuses.filter((status) => status === 423)).toHaveLength(19);
    const refused = answers.find(({ status }) => status === 423);
    expect(refused?.body.error.code).toBe('resource_locked');
    expect(refused?.body.detail).toMatch(/^Reconcile \d+ is in progress here .* since \d{4}-.*\?wait=60.*force/);
  });

  it('wait behind a deploy of the app only when forced', async () => {
    const deploy = await putDeploy(api.dataSource, place(), 'deploying');
    const refused = await ask();
    expect(refused.status).toBe(423);
    expect(refused.body.detail).toContain(`Deploy ${deploy.id} is in progress here (deploying)`);
    expect((await ask({ environment })).status).toBe(423);
    expect((await ask({ ...place(), force: true })).status).toBe(202);
    await newApp(`${app}-other`);
    expect((await ask({ app: `${app}-other`, environment })).status).toBe(202);
  });

  it('of an app and of all apps exclude one another', async () => {
    await putDeploy(api.dataSource, place(), 'deployed');
    const all = (await ask({ environment })).body.data.id;
    const refused = await ask();
    expect([refused.status, refused.body.detail.includes(`Reconcile ${all}`)]).toEqual([423, true]);
    await end(all);
    expect((await ask()).status).toBe(202);
    expect((await ask({ environment })).status).toBe(423);
  });

  it('do not stand in the way of a deploy', async () => {
    await ask();
    api.world.source.commits.set('main', 'a'.repeat(40));
    expect((await client.post('/deploys', { ...place(), rref: 'main' })).status).toBe(202);
  });

  it('are previewed by the planner of the engine, and nothing is written', async () => {
    const deploy = await putDeploy(api.dataSource, place(), 'deployed');
    const first = await putInstance(api.dataSource, deploy, { host: 'h1', slot: 1 });
    const third = await putInstance(api.dataSource, deploy, { host: 'h2', slot: 3 });
    putThere(api.world, place(), [first, third]);
    const shown = await preview();
    expect(shown.status).toBe(200);
    expect(shown.body.data).toMatchObject({
      id: null,
      environment: { name: environment },
      app: { name: app },
      state: 'preview',
    });
    expect(shown.body.data['plan']).toEqual([
      {
        action: 'stop',
        app,
        worker: 'web',
        slot: 3,
        host: 'h2',
        instance: `web-3-d${deploy.id}`,
        because: 'web is scaled to 2',
      },
      {
        action: 'start',
        app,
        worker: 'web',
        slot: 2,
        host: null,
        instance: null,
        because: 'web is scaled to 2, and slot 2 is empty',
      },
    ]);
    expect((await preview({ environment })).body.data).toMatchObject({ app: null, plan: shown.body.data['plan'] });
    expect(await api.dataSource.manager.countBy(ReconcileRow, { appId })).toBe(0);
    expect(await api.dataSource.manager.countBy(InstanceRow, { appId, desired: 'stopped' })).toBe(0);
    await api.dataSource.manager.update(WorkerRow, { appId, environmentId }, { scale: 1 });
    expect((await preview()).body.data['plan']).toMatchObject([{ action: 'stop', slot: 3 }]);
  });

  it('are previewed from what is really there: a container that is gone is made again, a silent host is not judged', async () => {
    const deploy = await putDeploy(api.dataSource, place(), 'deployed');
    const instances = [
      await putInstance(api.dataSource, deploy, { host: 'g1', slot: 1 }),
      await putInstance(api.dataSource, deploy, { host: 'g2', slot: 2 }),
    ];
    putThere(api.world, place(), instances);
    expect((await preview()).body.data['plan']).toEqual([]);
    api.world.docker.containers.set('g1', []);
    const because = 'its container or its entry in Consul is gone';
    expect((await preview()).body.data['plan']).toMatchObject([{ action: 'restart', slot: 1, host: 'g1', because }]);
    api.world.docker.silent.add('g1');
    expect((await preview()).body.data['plan']).toEqual([]);
  });

  it('are not previewed without Consul', async () => {
    await putDeploy(api.dataSource, place(), 'deployed');
    api.world.hosts.failing = unavailable('Consul', 'connect ECONNREFUSED');
    const refused = await preview();
    api.world.hosts.failing = null;
    expect([refused.status, refused.body.detail]).toEqual([503, 'Consul does not answer: connect ECONNREFUSED']);
  });

  it('have no steps for an app with a deploy in progress', async () => {
    await putDeploy(api.dataSource, place(), 'deployed');
    const rollout = await putDeploy(api.dataSource, place(), 'deploying');
    await putInstance(api.dataSource, rollout, { host: 'h1' });
    expect((await preview()).body.data['plan']).toEqual([]);
  });

  it('of what is not there are 404, and unknown fields 422', async () => {
    expect((await ask({ app: 'nobody', environment })).status).toBe(404);
    expect((await preview({ environment: 'nowhere' })).status).toBe(404);
    expect((await preview({ ...place(), force: true })).status).toBe(422);
    expect((await ask({})).body.errors.map(({ field }) => field)).toEqual(['environment']);
    for (const key of ['abc', '0', '999999999', 'preview', '9'.repeat(30)])
      expect((await client.get(`/reconciles/${key}`)).status).toBe(404);
  });
});
