import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeployRow, HoldRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { seedPlaces, shaOf } from '../support/world.js';

describe('holds', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let appId: string;
  let count = 0;

  const hold = (change: object = {}, headers: Record<string, string> = {}) =>
    client.post(`/apps/${app}/hold`, { environment: 'production', reason: 'an audit', ...change }, headers);
  const show = (environment = 'production') => client.get(`/apps/${app}/hold?environment=${environment}`);
  const release = (environment = 'production') => client.delete(`/apps/${app}/hold?environment=${environment}`);
  const deploy = (change: object = {}) =>
    client.post('/deploys', { app, environment: 'production', rref: 'main', ...change });

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
    api.world.source.commits.set('main', shaOf(count));
    api.world.queue.sent.length = 0;
  });

  it('are set, shown and released, in one environment of one app', async () => {
    const held = await hold();
    expect(held.status).toBe(201);
    expect(held.body.data).toEqual({
      app: expect.objectContaining({ id: appId, name: app }),
      environment: expect.objectContaining({ name: 'production' }),
      reason: 'an audit',
      release: null,
      created_at: expect.stringMatching(/^\d{4}-/),
    });
    expect((await show()).body).toEqual(held.body);
    expect((await client.get(`/apps/${appId}/hold?environment=production`)).body).toEqual(held.body);
    expect((await show('staging')).status).toBe(404);
    const released = await release();
    expect([released.status, released.body]).toEqual([200, held.body]);
    expect(api.world.queue.sent).toMatchObject([{ kind: 'app_environment', appId }]);
    expect((await show()).status).toBe(404);
  });

  it('refuse a second one, saying since when and why there is one', async () => {
    const since = (await hold()).body.data['created_at'];
    const again = await hold({ reason: 'another' });
    expect([again.status, again.body.error.code]).toEqual([409, 'conflict']);
    expect(again.body.detail).toContain(`${app} in production is held since ${since} (an audit); DELETE /apps/${app}/`);
    expect((await show()).body.data['reason']).toBe('an audit');
  });

  it('set twenty times at once are one', async () => {
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => hold()))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, ...Array<number>(19).fill(409)]);
    expect(await api.dataSource.manager.countBy(HoldRow, { appId })).toBe(1);
    const released = await Promise.all(Array.from({ length: 20 }, () => release()));
    expect(released.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(404)]);
  });

  it('set again with one Idempotency-Key get the first answer', async () => {
    const headers = { 'idempotency-key': `hold-${app}` };
    const [first, again] = [await hold({}, headers), await hold({}, headers)];
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
  });

  it('are set by a form', async () => {
    const held = await client.form('POST', `/apps/${app}/hold`, 'environment=production&reason=an+audit');
    expect([held.status, held.body.data['reason']]).toEqual([201, 'an audit']);
  });

  it('that are not there cannot be released: 404, which says so', async () => {
    const missing = await release();
    expect([missing.status, missing.body.error.code]).toEqual([404, 'not_found']);
    expect(missing.body.detail).toContain(`${app} is not held in production`);
  });

  it('keep automatic deploys out, saying why and how to go on, and no others', async () => {
    const since = (await hold()).body.data['created_at'];
    for (const change of [{}, { force: true }, { queue: true }]) {
      const refused = await deploy({ automatic: true, ...change });
      expect([refused.status, refused.body.error.code]).toEqual([423, 'resource_locked']);
      expect(refused.body.detail).toContain(`held since ${since} (an audit); DELETE /apps/${app}/hold`);
    }
    expect(await api.dataSource.manager.countBy(DeployRow, { appId })).toBe(0);
    const elsewhere = await deploy({ automatic: true, environment: 'staging' });
    expect([elsewhere.status, elsewhere.body.data['automatic']]).toEqual([202, true]);
    expect((await deploy()).status).toBe(202);
    await release();
    expect((await deploy({ automatic: true, force: true })).status).toBe(202);
  });

  it('let no automatic deploy in that was asked for while they were being written', async () => {
    const { id: environmentId } = (await client.get('/environments/production')).body.data;
    const holder = api.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`deploys ${appId} ${environmentId}`]);
    await holder.query(`INSERT INTO holds (app_id, environment_id, reason) VALUES ($1, $2, 'an audit')`, [
      appId,
      environmentId,
    ]);
    const asked = deploy({ automatic: true });
    try {
      await eventually('the deploy waits for the hold', async () => {
        const waiting = await api.dataSource.query<unknown[]>(
          `SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
           WHERE NOT granted AND locktype = 'advisory' AND datname = current_database()`,
        );
        return waiting.length > 0;
      });
    } finally {
      await holder.commitTransaction();
      await holder.release();
    }
    expect((await asked).status).toBe(423);
  });

  it.each([
    [{ environment: undefined }, 'environment'],
    [{ reason: undefined }, 'reason'],
    [{ reason: '' }, 'reason'],
    [{ reason: ' \t ' }, 'reason'],
    [{ reason: 'two\nlines' }, 'reason'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ release: 'v1' }, 'release'],
  ])('refuse %j, naming the field', async (change, field) => {
    const refused = await hold(change);
    expect([refused.status, refused.body.errors.map((error) => error.field)]).toEqual([422, [field]]);
  });

  it('are those of an app and an environment that are there', async () => {
    expect((await client.get('/apps/nobody/hold?environment=production')).status).toBe(404);
    expect((await hold({ environment: 'nowhere' })).status).toBe(404);
    expect((await client.get(`/apps/${app}/hold`)).status).toBe(422);
    await client.delete(`/apps/${app}`);
    expect((await hold()).status).toBe(404);
  });
});
