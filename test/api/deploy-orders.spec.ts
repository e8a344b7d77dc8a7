import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeployRow } from '../../src/store/entities/index.js';
import { LONGEST_QUEUE } from '../../src/store/repositories/write-deploy.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { putDeploy, putInstance, seedPlaces, shaOf } from '../support/world.js';

describe('deploys in a queue, canceled and continued', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let appId: string;
  let count = 0;

  const ask = (change: object = {}) =>
    client.post('/deploys', { app, environment: 'production', rref: 'main', ...change });
  const show = async (id: string) => (await client.get(`/deploys/${id}`)).body.data;
  const rows = () => api.dataSource.manager.find(DeployRow, { where: { appId }, order: { id: 'ASC' } });
  const running = (state: DeployRow['state'] = 'deploying') =>
    putDeploy(api.dataSource, { app, environment: 'production' }, state);
  const set = (id: string, change: Partial<DeployRow>) => api.dataSource.manager.update(DeployRow, { id }, change);
  const inOrder = () => client.put(`/apps/${app}`, { deploy_queue: 'all_in_order' });
  const cancel = (id: string, query = '') => client.post(`/deploys/${id}/cancel${query}`);
  const goOn = (id: string) => client.post(`/deploys/${id}/continue`);
  const logOf = async (id: string) =>
    ((await client.get(`/deploys/${id}/logs`)).body as unknown as { logs: { message: { text: string } }[] }).logs.map(
      ({ message }) => message.text,
    );

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
  });

  describe('queue', () => {
    it('has nothing to wait for where nothing is in progress', async () => {
      expect((await ask({ queue: true })).body.data).toMatchObject({ state: 'created', queued: false, position: null });
    });

    it('waits for the one in progress and says so; by default the latest wins', async () => {
      const before = await running();
      const first = await ask({ queue: true });
      expect([first.status, first.body.data]).toMatchObject([202, { state: 'created', queued: true, position: 1 }]);
      expect(first.body.data['notice']).toContain(`It waits for deploy ${before.id} (deploying) to end.`);
      const second = (await ask({ queue: true })).body.data;
      expect(second).toMatchObject({ queued: true, position: 1 });
      const passedOver = await show(first.body.data.id);
      expect(passedOver).toMatchObject({
        ...{ state: 'failed', outcome: 'superseded', queued: false, position: null, completed_at: expect.any(String) },
        failure_reason: `superseded by deploy ${second.id}, which was asked for later`,
      });
      expect(await logOf(passedOver.id)).toEqual([`failed: ${passedOver['failure_reason'] as string}`]);
      expect((await show(before.id))['state']).toBe('deploying');
    });

    it('keeps all in their order where the app says so, and counts their places in lists too', async () => {
      await inOrder();
      await running();
      const ids: string[] = [];
      for (let i = 0; i < 3; i += 1) ids.push((await ask({ queue: true })).body.data.id);
      const last = await show(ids[2] as string);
      expect(last['notice']).toContain('to end, and 2 more before it.');
      const listed = (await client.get(`/deploys?app=${app}&sort_by=id`)).body.data as unknown as object[];
      expect(listed).toMatchObject([
        { queued: false, position: null },
        ...ids.map((id, index) => ({ id, queued: true, position: index + 1 })),
      ]);
      await cancel(ids[0] as string);
      expect((await show(ids[2] as string))['position']).toBe(2);
    });

    it('is joined behind those that wait, also when none is in progress any more', async () => {
      await inOrder();
      const before = await running();
      const waiting = (await ask({ queue: true })).body.data;
      await set(before.id, { state: 'failed' });
      expect((await ask()).status).toBe(423);
      expect((await ask({ queue: true })).body.data).toMatchObject({ queued: true, position: 2 });
      const forced = (await ask({ force: true })).body.data;
      expect(forced['queued']).toBe(false);
      expect((await show(waiting.id))['queued']).toBe(true);
    });

    it.each(['latest_wins', 'all_in_order'])('takes fifty that come at once (%s)', async (mode) => {
      await client.put(`/apps/${app}`, { deploy_queue: mode });
      await running();
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask({ queue: true })));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      const waiting = (await rows()).filter(({ state, queued }) => state === 'created' && queued);
      expect(waiting).toHaveLength(mode === 'latest_wins' ? 1 : 50);
      expect((await rows()).at(-1)?.state).toBe('created');
    });

    it('is bounded, and says what to do', async () => {
      await inOrder();
      const { environmentId, buildId, rref } = await running();
      const row = { appId, environmentId, buildId, rref, queued: true };
      await api.dataSource.manager.insert(DeployRow, Array<typeof row>(LONGEST_QUEUE).fill(row));
      const refused = await ask({ queue: true });
      expect([refused.status, refused.body.error.code]).toEqual([409, 'conflict']);
      expect(refused.body.detail).toMatch(/^100 deploys of .* wait there already.*cancel.*latest_wins/i);
    });

    it('and force are not asked for together', async () => {
      const refused = await ask({ queue: true, force: true });
      expect([refused.status, refused.body.errors[0]?.field]).toEqual([422, 'queue']);
      expect((await ask({ queue: 'perhaps' })).status).toBe(422);
      expect((await ask({ automatic: 1 })).status).toBe(422);
      const form = `app=${app}&environment=production&rref=main&queue=true&automatic=true`;
      expect((await client.form('POST', '/deploys', form)).body.data).toMatchObject({ automatic: true, queued: false });
    });
  });

  describe('cancel', () => {
    it.each(['created', 'building'] as const)('ends one that is %s at once', async (state) => {
      const { id } = (await ask()).body.data;
      await set(id, { state });
      api.world.queue.sent.length = 0;
      const canceled = await cancel(id, '?wait=30');
      expect(canceled.status).toBe(202);
      expect(canceled.body.data).toMatchObject({
        ...{ id, state: 'failed', outcome: 'canceled', failure_reason: 'canceled', completed_at: expect.any(String) },
      });
      expect(api.world.queue.sent).toMatchObject([{ kind: 'app_environment', appId }]);
      expect(await logOf(id)).toEqual(['failed: canceled']);
      expect((await ask()).status).toBe(202);
    });

    it('ends one that waits, and leaves the one in progress alone', async () => {
      const before = await running();
      const { id } = (await ask({ queue: true })).body.data;
      expect((await cancel(id)).body.data).toMatchObject({ state: 'failed', outcome: 'canceled', queued: false });
      expect(await show(before.id)).toMatchObject({ state: 'deploying', cancel_requested_at: null });
    });

    it('asks the engine to take back one that is deploying, once', async () => {
      const { id } = await running();
      const first = await cancel(id);
      expect(first.status).toBe(202);
      expect(first.body.data).toMatchObject({
        ...{ state: 'deploying', outcome: null, cancel_requested_at: expect.any(String) },
        notice: expect.stringContaining('It is being taken back'),
      });
      expect(api.world.queue.sent).toMatchObject([{ kind: 'app_environment', appId }]);
      const again = await cancel(id);
      expect(again.body.data['cancel_requested_at']).toBe(first.body.data['cancel_requested_at']);
      expect(await logOf(id)).toHaveLength(1);
    });

    it('holds its answer until the end is proven', async () => {
      const { id } = await running();
      const held = cancel(id, '?wait=30');
      await eventually('cancel is asked for', async () => (await show(id))['cancel_requested_at']);
      await set(id, { state: 'failed', outcome: 'canceled' });
      expect((await held).body.data).toMatchObject({ state: 'failed', outcome: 'canceled' });
    });

    it('says of one that is failing that it is being taken back, and leaves its reason', async () => {
      const { id } = await running();
      await set(id, { failingAt: new Date(), outcome: 'reverted', failureReason: 'web 1 failed' });
      const canceled = await cancel(id);
      expect([canceled.status, canceled.body.data]).toMatchObject([
        202,
        { cancel_requested_at: null, failure_reason: 'web 1 failed', outcome: null },
      ]);
      expect(canceled.body.data['notice']).toContain('It is being taken back');
    });

    it.each([
      ['deployed', null, '(deployed)'],
      ['stopped', null, '(stopped)'],
      ['failed', 'reverted', '(failed, reverted)'],
    ] as const)('refuses one that is %s (%s)', async (state, outcome, said) => {
      const { id } = await running(state);
      await set(id, { outcome });
      const refused = await cancel(id);
      expect([refused.status, refused.body.error.code]).toEqual([409, 'conflict']);
      expect(refused.body.detail).toContain(`Deploy ${id} has settled ${said}: there is nothing to cancel.`);
    });

    it('twenty times at once ends one that waits once, and is asked of the engine once', async () => {
      const before = await running();
      const { id } = (await ask({ queue: true })).body.data;
      const ended = await Promise.all(Array.from({ length: 20 }, () => cancel(id)));
      expect(ended.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(19).fill(409)]);
      const asked = await Promise.all(Array.from({ length: 20 }, () => cancel(before.id)));
      expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(asked.map(({ body }) => body.data['cancel_requested_at'])).size).toBe(1);
      expect(await logOf(before.id)).toHaveLength(1);
    });

    it('never undoes an end that the engine has just written', async () => {
      const { id } = await running();
      const engine = api.dataSource.createQueryRunner();
      await engine.startTransaction();
      await engine.query(`UPDATE deploys SET state = 'deployed', outcome = 'succeeded' WHERE id = $1`, [id]);
      const canceling = cancel(id);
      await engine.commitTransaction();
      await engine.release();
      expect((await canceling).status).toBe(409);
      expect(await show(id)).toMatchObject({ state: 'deployed', outcome: 'succeeded' });
    });
  });

  describe('continue', () => {
    it('lets a paused one go on, once', async () => {
      const { id } = await running();
      await set(id, { pausedAt: new Date(), pausedBecause: '2 of 4 instances of web failed' });
      const paused = await show(id);
      expect(paused['paused_because']).toBe('2 of 4 instances of web failed');
      expect(paused['notice']).toContain(`It is paused: 2 of 4 instances of web failed. POST /deploys/${id}/continue`);
      const answers = await Promise.all(Array.from({ length: 20 }, () => goOn(id)));
      expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(19).fill(409)]);
      expect((await show(id))['paused_because']).toBeNull();
      const row = await api.dataSource.manager.findOneByOrFail(DeployRow, { id });
      expect([row.pausedAt, row.continuedAt]).toEqual([null, expect.any(Date)]);
      expect(api.world.queue.sent).toMatchObject([{ kind: 'app_environment', appId }]);
    });

    it('ends the pause of canaries, which a rollback does not have', async () => {
      const { id } = await running();
      const { spec } = await putInstance(
        api.dataSource,
        await api.dataSource.manager.findOneByOrFail(DeployRow, { id }),
        {
          host: 'h1',
        },
      );
      await set(id, { workers: [{ ...spec, policy: { ...spec.policy, strategy: 'canary' } }] });
      expect((await goOn(id)).status).toBe(202);
      await set(id, { kind: 'rollback' });
      expect((await goOn(id)).status).toBe(409);
    });

    it('refuses one that goes on by itself, waits for its turn, is taken back or has settled', async () => {
      const { id } = await running();
      expect((await goOn(id)).body.detail).toContain(`Deploy ${id} is not paused: it goes on by itself (deploying)`);
      const queued = (await ask({ queue: true })).body.data.id;
      expect((await goOn(queued)).body.detail).toContain('it waits for its turn (created)');
      await set(id, { pausedAt: new Date(), cancelRequestedAt: new Date() });
      expect((await goOn(id)).body.detail).toContain(`Deploy ${id} is being taken back (deploying)`);
      await set(id, { state: 'failed', outcome: 'canceled' });
      const settled = await goOn(id);
      expect([settled.status, settled.body.detail]).toEqual([409, expect.stringContaining('nothing to continue')]);
    });
  });

  it.each(['cancel', 'continue'])('answer 404 to %s for what is not there', async (what) => {
    for (const key of ['abc', '0', '999999999', '9'.repeat(30)]) {
      const missing = await client.post(`/deploys/${key}/${what}`);
      expect([missing.status, missing.body.error.message]).toEqual([404, `There is no deploy "${key}".`]);
    }
    expect((await client.post(`/deploys/1/${what}?wait=61`)).status).toBe(422);
  });

  it('show how the release command and the probe went', async () => {
    const { id } = await running();
    await set(id, {
      releaseCommand: {
        ...{ state: 'failed', host: 'h1', containerName: 'x', startedAt: 1, endedAt: 2, exitCode: 3 },
      },
      probe: { requests: 10, failures: 1, p99Ms: 18, lastFailure: '502' },
    });
    expect(await show(id)).toMatchObject({
      release_command: { state: 'failed', host: 'h1', exit_code: 3 },
      probe: { requests: 10, failures: 1, p99_ms: 18, last_failure: '502' },
    });
  });
});
