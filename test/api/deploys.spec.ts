import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BullWorkQueue } from '../../src/adapters/bull/bull-work-queue.js';
import { BuildRow, DeployRow, InstanceRow, WorkerRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { putDeploy, putInstance, seedPlaces, shaOf } from '../support/world.js';

describe('deploys', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let appId: string;
  let count = 0;

  const body = (change: object = {}) => ({ app, environment: 'production', rref: 'main', ...change });
  const ask = (change: object = {}, headers: Record<string, string> = {}) =>
    client.post('/deploys', body(change), headers);
  const rows = () => api.dataSource.manager.find(DeployRow, { where: { appId }, order: { id: 'ASC' } });
  const builds = () => api.dataSource.manager.find(BuildRow, { where: { appId } });
  const scaleTo = (scale: number) => api.dataSource.manager.update(WorkerRow, { appId, name: 'web' }, { scale });

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
    api.world.source.commits.set('main', shaOf(1000 + count));
    api.world.queue.sent.length = 0;
    await scaleTo(2);
  });

  it('are asked for by a ref, with the build that they need, and handed to the engine', async () => {
    const asked = await ask({ callback_url: 'http://ci.example.com/done' });
    expect(asked.status).toBe(202);
    const { id } = asked.body.data;
    expect(asked.body.data).toMatchObject({
      state: 'created',
      outcome: null,
      build: { id: expect.any(String), rref: shaOf(1000 + count), ref: 'main', state: 'in_progress' },
      environment: { name: 'production' },
      app: { name: app },
      rref: shaOf(1000 + count),
      completed_at: null,
      failure_reason: null,
      failure: null,
      container_host: null,
      container_id: null,
      callback_url: 'http://ci.example.com/done',
      notice: null,
      kind: 'deploy',
      release: null,
      from_release: null,
      queued: false,
      position: null,
      automatic: false,
      waits_for_room: null,
      paused_because: null,
      cancel_requested_at: null,
      release_command: null,
      probe: null,
      instances: [],
    });
    const [row] = await rows();
    const [build] = await builds();
    expect(api.world.queue.sent).toEqual([
      { kind: 'build', buildId: build?.id },
      { kind: 'app_environment', appId, environmentId: row?.environmentId },
    ]);
    expect((await client.get(`/deploys/${id}`)).body.data).toEqual(asked.body.data);
    const listed = await client.get(`/deploys?app=${app}&environment=production&state=created`);
    expect((listed.body.data as unknown as { id: string }[]).map((each) => each.id)).toEqual([id]);
    expect((await client.get(`/deploys?app=${app}&environment=staging`)).body.data).toEqual([]);
  });

  it('are asked for by a form, as old clients do', async () => {
    const asked = await client.form('POST', '/deploys', `app=${app}&environment=production&rref=main&force=true`);
    expect([asked.status, asked.body.data['state']]).toEqual([202, 'created']);
  });

  it('posted fifty times at once are one, and one build; the others are told what is in the way', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask()));
    const accepted = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 423);
    expect([accepted.length, refused.length]).toEqual([1, 49]);
    expect(await rows()).toHaveLength(1);
    expect(await builds()).toHaveLength(1);
    const id = accepted[0]?.body.data.id;
    for (const { body: problem } of refused) {
      expect(problem.error.code).toBe('resource_locked');
      expect(problem.detail).toContain(`Deploy ${id} of ${app} (${shaOf(1000 + count).slice(0, 12)}) to production`);
      expect(problem.detail).toMatch(/\(created\) since \d{4}-.*GET \/deploys\/\d+\?wait=60.*queue: true.*force/);
    }
  });

  it('posted fifty times at once with one Idempotency-Key get one answer', async () => {
    const headers = { 'idempotency-key': `deploy-${app}` };
    const post = () =>
      eventually('an answer that is not "still running"', async () => {
        const reply = await ask({}, headers);
        return reply.status === 409 ? null : reply;
      });
    const answers = await Promise.all(Array.from({ length: 50 }, post));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body: { data } }) => data.id)).size).toBe(1);
    expect(await rows()).toHaveLength(1);
  });

  it('of two environments and of two apps do not stand in one another’s way, and share the build', async () => {
    const [production, staging] = await Promise.all([ask(), ask({ environment: 'staging' })]);
    expect([production.status, staging.status]).toEqual([202, 202]);
    expect(await builds()).toHaveLength(1);
  });

  it('may be forced: the one in progress fails as superseded, and its instances stay until others have taken their place', async () => {
    const before = await putDeploy(api.dataSource, { app, environment: 'production' }, 'deploying');
    const instance = await putInstance(api.dataSource, before, { host: 'h1' });
    expect((await ask()).status).toBe(423);
    const forced = await ask({ force: true });
    expect(forced.status).toBe(202);
    expect((await client.get(`/deploys/${before.id}`)).body.data).toMatchObject({
      state: 'failed',
      outcome: 'superseded',
      failure_reason: `superseded by deploy ${forced.body.data.id} (forced)`,
      completed_at: expect.any(String),
    });
    const serving = await api.dataSource.manager.findOneByOrFail(InstanceRow, { id: instance.id });
    expect(serving.desired).toBe('running');
    const { logs } = (await client.get(`/deploys/${before.id}/logs`)).body as unknown as { logs: object[] };
    expect(logs).toMatchObject([{ level: 'warn', message: { text: expect.stringContaining('superseded by deploy') } }]);
  });

  it('forced fifty times at once leave one in progress, and each other one superseded by the next', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask({ force: true })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const all = await rows();
    expect(all.filter(({ state }) => state === 'created')).toHaveLength(1);
    expect(all.filter(({ outcome }) => outcome === 'superseded')).toHaveLength(49);
    expect(all.at(-1)?.state).toBe('created');
    for (const [index, row] of all.slice(0, -1).entries())
      expect(row.failureReason).toBe(`superseded by deploy ${all[index + 1]?.id} (forced)`);
  });

  it('that force never stop what a deploy brought that has just succeeded', async () => {
    const current = await putDeploy(api.dataSource, { app, environment: 'production' }, 'deploying');
    const instance = await putInstance(api.dataSource, current, { host: 'h1' });
    const engine = api.dataSource.createQueryRunner();
    await engine.startTransaction();
    await engine.query(`UPDATE deploys SET state = 'deployed', outcome = 'succeeded' WHERE id = $1`, [current.id]);
    const forcing = ask({ force: true });
    try {
      await eventually('the forced deploy waits for the engine', async () => {
        const waiting = (await engine.query(
          'SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid',
        )) as unknown as unknown[];
        return waiting.length > 0;
      });
    } finally {
      await engine.commitTransaction();
      await engine.release();
    }
    expect((await forcing).status).toBe(202);
    const after = await api.dataSource.manager.findOneByOrFail(DeployRow, { id: current.id });
    const { desired } = await api.dataSource.manager.findOneByOrFail(InstanceRow, { id: instance.id });
    expect([after.state, desired]).toEqual(['deployed', 'running']);
  });

  it('take the build that is there, also while Git is away, and build a failed commit again', async () => {
    const done = await putDeploy(api.dataSource, { app, environment: 'staging' }, 'deployed');
    const asked = await ask({ rref: done.rref });
    expect(asked.body.data['build']).toMatchObject({ id: done.buildId, state: 'completed' });
    expect(api.world.queue.sent.map(({ kind }) => kind)).toEqual(['app_environment']);

    await api.dataSource.manager.insert(BuildRow, { appId, ref: 'main', rref: shaOf(1000 + count), state: 'failed' });
    const again = await ask({ force: true });
    expect(again.body.data['build']).toMatchObject({ state: 'in_progress' });
  });

  it('of an unknown ref are refused, and nothing is written', async () => {
    const refused = await ask({ rref: 'no-such-tag' });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'unprocessable_entity']);
    expect(refused.body.error.message).toContain('"no-such-tag"');
    expect([...(await rows()), ...(await builds())]).toEqual([]);
  });

  it('keep their app: it is deleted only when they have settled, and then none can be asked for', async () => {
    const { id } = (await ask()).body.data;
    const locked = await client.delete(`/apps/${app}`);
    expect([locked.status, locked.body.error.code]).toEqual([423, 'resource_locked']);
    expect(locked.body.detail).toContain(`Deploy ${id}`);
    await api.dataSource.manager.update(DeployRow, { id }, { state: 'failed' });
    expect((await client.delete(`/apps/${app}`)).status).toBe(200);
    expect((await ask()).status).toBe(404);
    expect((await client.get(`/deploys/${id}`)).body.data).toMatchObject({ state: 'failed', app: { name: app } });
  });

  it('raced by the deletion of their app are either written or 404, never both', async () => {
    const [asked, deleted] = await Promise.all([ask(), client.delete(`/apps/${app}`)]);
    expect([
      [202, 423],
      [404, 200],
    ]).toContainEqual([asked.status, deleted.status]);
    expect(await rows()).toHaveLength(asked.status === 202 ? 1 : 0);
  });

  it('are accepted while Redis is away', async () => {
    const { queue } = api.world;
    const away = new BullWorkQueue('redis://127.0.0.1:1', 'nobody-there');
    const { send } = queue;
    queue.send = (trigger) => away.send(trigger);
    try {
      const asked = await ask();
      expect(asked.status).toBe(202);
      expect((await rows()).map(({ id }) => id)).toEqual([asked.body.data.id]);
    } finally {
      queue.send = send;
      await away.close();
    }
  });

  it('say that nothing will be, or was, started where every worker is at scale 0', async () => {
    await scaleTo(0);
    const asked = await ask();
    expect(asked.status).toBe(202);
    expect(asked.body.data['notice']).toMatch(/^Nothing will be started: .*PUT \/workers\/rescale/);
    const done = await putDeploy(api.dataSource, { app, environment: 'staging' }, 'deployed');
    expect((await client.get(`/deploys/${done.id}`)).body.data['notice']).toMatch(/^Nothing was started/);
    await client.post('/workers', { app, environment: 'staging', name: 'web' });
    await putInstance(api.dataSource, done, { host: 'h1' });
    expect((await client.get(`/deploys/${done.id}`)).body.data['notice']).toBeNull();
  });

  it('show their instances, the last of each slot, with the proof of a failure and no variable', async () => {
    const secret = 'hunter2-secret';
    const [set] = (await client.get(`/config_sets?app=${app}&environment=production`)).body.data as unknown as {
      id: string;
    }[];
    await client.put(`/config_sets/${set?.id}`, { config: { PASSWORD: secret } });
    const deploy = await putDeploy(api.dataSource, { app, environment: 'production' }, 'deploying');
    const first = await putInstance(api.dataSource, deploy, { host: 'h1' });
    await api.dataSource.manager.update(InstanceRow, { id: first.id }, { state: 'stopped', endedAt: new Date() });
    const failure = {
      cause: 'it ended with exit code 3',
      kind: 'exited' as const,
      exitCode: 3,
      outOfMemory: false,
      signal: 'SIGKILL',
      lastCheck: 'refused',
      lastChecks: ['503', 'refused'],
      lastLines: ['boom'],
    };
    await api.dataSource.manager.save(InstanceRow, {
      ...first,
      id: undefined as unknown as string,
      attempt: 2,
      containerName: 'web-1-again',
      state: 'failed',
      failure,
    });
    const proof = { ...failure, instance: 'web-1-again', host: 'h1' };
    await api.dataSource.manager.update(
      DeployRow,
      { id: deploy.id },
      { failure: proof, failureReason: 'web 1 failed' },
    );
    const shown = await client.get(`/deploys/${deploy.id}`);
    const asShown = {
      cause: 'it ended with exit code 3',
      kind: 'exited',
      exit_code: 3,
      out_of_memory: false,
      signal: 'SIGKILL',
      last_check: 'refused',
      last_checks: ['503', 'refused'],
      last_lines: ['boom'],
    };
    expect(shown.body.data['instances']).toEqual([
      {
        id: 'web-1-again',
        worker: 'web',
        slot: 1,
        host: 'h1',
        port: first.hostPort,
        state: 'failed',
        failure: asShown,
      },
    ]);
    expect(shown.body.data['failure']).toEqual({ ...asShown, instance: 'web-1-again', host: 'h1' });
    expect(shown.text).not.toContain(secret);
  });

  it('hold their answer until they settle', async () => {
    const { id } = (await ask()).body.data;
    const held = client.get(`/deploys/${id}?wait=30`);
    await api.dataSource.manager.update(DeployRow, { id }, { state: 'failed', outcome: 'build_failed' });
    expect((await held).body.data).toMatchObject({ state: 'failed', outcome: 'build_failed' });
    expect((await client.get(`/deploys/${id}?wait=61`)).status).toBe(422);
  });

  it.each([
    [{ rref: '' }, 'rref'],
    [{ rref: undefined }, 'rref'],
    [{ force: 'perhaps' }, 'force'],
    [{ callback_url: 'javascript:alert(1)' }, 'callback_url'],
    [{ ref: 'main' }, 'ref'],
    [{ app: undefined }, 'app'],
    [{ environment: 7 }, 'environment'],
  ])('refuse %j, naming the field', async (change, field) => {
    const refused = await ask(change);
    expect([refused.status, refused.body.error.code]).toEqual([422, 'record_invalid']);
    expect(refused.body.errors.map((error) => error.field)).toEqual([field]);
  });

  it('of an app or to an environment that is not there are 404', async () => {
    expect((await ask({ app: 'nobody' })).body.error.message).toBe('There is no app "nobody".');
    expect((await ask({ environment: 'nowhere' })).body.error.message).toBe('There is no environment "nowhere".');
  });

  it.each(['abc', '0', '1.5', '-1', '999999999', '9'.repeat(30)])('answer 404 for the id %s', async (key) => {
    const missing = await client.get(`/deploys/${key}`);
    expect([missing.status, missing.body.error.message]).toEqual([404, `There is no deploy "${key}".`]);
  });
});
