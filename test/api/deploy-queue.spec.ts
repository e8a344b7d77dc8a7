import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeployRow } from '../../src/store/entities/index.js';
import { DeployQueue } from '../../src/store/repositories/deploy-queue.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { putDeploy, seedPlaces, shaOf } from '../support/world.js';

describe('the queue, as the engine takes from it', () => {
  let api: TestApi;
  let client: ApiClient;
  let queue: DeployQueue;
  let app: string;
  let key: { appId: string; environmentId: string };
  let before: DeployRow;
  let count = 0;

  const ask = async (change: object = {}): Promise<string> =>
    (await client.post('/deploys', { app, environment: 'production', rref: 'main', queue: true, ...change })).body.data
      .id;
  const end = () => api.dataSource.manager.update(DeployRow, { id: before.id }, { state: 'failed' });
  const row = (id: string) => api.dataSource.manager.findOneByOrFail(DeployRow, { id });

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    queue = new DeployQueue(api.dataSource);
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api', deploy_queue: 'all_in_order' });
    api.world.source.commits.set('main', shaOf(1000 + count));
    before = await putDeploy(api.dataSource, { app, environment: 'production' }, 'deploying');
    key = { appId: before.appId, environmentId: before.environmentId };
  });

  it('gives nothing while one is in progress, nor when it is empty', async () => {
    const waiting = await ask();
    expect(await queue.takeNext(key, true)).toEqual({ taken: null, passedOver: [] });
    expect((await row(waiting)).queued).toBe(true);
    await client.post(`/deploys/${waiting}/cancel`);
    await end();
    expect(await queue.takeNext(key, true)).toEqual({ taken: null, passedOver: [] });
  });

  it('gives the oldest where all run in order, and the newest where the latest wins', async () => {
    const ids = [await ask(), await ask(), await ask()];
    await end();
    expect(await queue.takeNext(key, false)).toEqual({ taken: ids[0], passedOver: [] });
    expect(await row(ids[0] as string)).toMatchObject({ queued: false, state: 'created' });
    await api.dataSource.manager.update(DeployRow, { id: ids[0] as string }, { state: 'failed' });
    expect(await queue.takeNext(key, true)).toMatchObject({ taken: ids[2], passedOver: [{ id: ids[1] }] });
    expect(await row(ids[1] as string)).toMatchObject({
      ...{ state: 'failed', outcome: 'superseded', completedAt: expect.any(Date) },
      failureReason: `superseded by deploy ${ids[2]}, which was asked for later`,
    });
  });

  it('gives nothing that a hold keeps out, though it waited before the hold was set', async () => {
    const [automatic, byHand] = [await ask({ automatic: true }), await ask()];
    await client.post(`/apps/${app}/hold`, { environment: 'production', reason: 'an audit' });
    await end();
    const passedOver = [{ id: automatic, reason: 'kept out by the hold: an audit' }];
    expect(await queue.takeNext(key, false)).toEqual({ taken: byHand, passedOver });
    expect(await row(automatic)).toMatchObject({
      ...{ state: 'failed', outcome: 'canceled', failureReason: 'kept out by the hold: an audit' },
    });
  });

  it('gives one to two engines that take at once', async () => {
    await ask();
    await ask();
    await end();
    const turns = await Promise.all([queue.takeNext(key, false), queue.takeNext(key, false)]);
    expect(turns.filter(({ taken }) => taken !== null)).toHaveLength(1);
  });

  it('leaves one in progress, however often deploys are forced in while it gives the next', async () => {
    for (let round = 0; round < 10; round += 1) await ask();
    await end();
    const asked = Array.from({ length: 10 }, () =>
      client.post('/deploys', { app, environment: 'production', rref: 'main', force: true }),
    );
    const taken = Array.from({ length: 10 }, () => queue.takeNext(key, false));
    const [answers] = await Promise.all([Promise.all(asked), Promise.all(taken)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const open = await api.dataSource.manager.findBy(DeployRow, { ...key, state: 'created' });
    expect(open.filter(({ queued }) => !queued)).toHaveLength(1);
  });
});
