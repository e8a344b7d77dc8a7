import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { seedPlaces } from '../support/world.js';

describe('push rules', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let count = 0;

  const make = (change: object = {}, headers = {}) =>
    client.post(`/apps/${app}/push_rules`, { branch: 'main', environment: 'staging', ...change }, headers);

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    await client.post('/apps', { name: app, repo: 'jockey/sample' });
  });

  it('are made, listed, shown and taken away', async () => {
    const made = await make();
    expect([made.status, made.body.data]).toEqual([
      201,
      {
        id: expect.any(String),
        app: expect.objectContaining({ name: app }),
        branch: 'main',
        environment: expect.objectContaining({ name: 'staging' }),
        created_at: expect.stringMatching(/^\d{4}-/),
      },
    ]);
    await make({ branch: 'release/*', environment: 'production' });
    const list = await client.get(`/apps/${app}/push_rules`);
    expect(list.body.pagination['total_count']).toBe(2);
    const path = `/apps/${app}/push_rules/${made.body.data.id}`;
    expect((await client.get(path)).body).toEqual(made.body);
    const deleted = await client.delete(path);
    expect([deleted.status, deleted.body]).toEqual([200, made.body]);
    expect([(await client.delete(path)).status, (await client.get(path)).status]).toEqual([404, 404]);
  });

  it('are there once: 409', async () => {
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await make()).status));
    expect(statuses.sort()).toEqual([201, 409, 409, 409, 409]);
    expect((await make({ environment: 'production' })).status).toBe(201);
  });

  it('made with one Idempotency-Key are made once', async () => {
    const headers = { 'idempotency-key': `rule-${app}` };
    const [first, again] = [await make({}, headers), await make({}, headers)];
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
  });

  it('of one app are not those of another', async () => {
    const { id } = (await make()).body.data;
    await client.post('/apps', { name: `${app}-x`, repo: 'jockey/sample' });
    expect((await client.get(`/apps/${app}-x/push_rules`)).body.pagination['total_count']).toBe(0);
    expect((await client.delete(`/apps/${app}-x/push_rules/${id}`)).status).toBe(404);
  });

  it.each([
    [{ branch: undefined }, 'branch'],
    [{ branch: '' }, 'branch'],
    [{ branch: 'a b' }, 'branch'],
    [{ branch: 'a/**/b' }, 'branch'],
    [{ branch: 7 }, 'branch'],
    [{ environment: undefined }, 'environment'],
    [{ tag: 'v1' }, 'tag'],
  ])('refuse %j, naming the field', async (change, field) => {
    const refused = await make(change);
    expect([refused.status, refused.body.errors.map((error) => error.field)]).toEqual([422, [field]]);
  });

  it('are those of an app and an environment that are there', async () => {
    expect((await make({ environment: 'nowhere' })).status).toBe(404);
    expect((await client.get('/apps/nobody/push_rules')).status).toBe(404);
    expect((await client.delete(`/apps/${app}/push_rules/main`)).status).toBe(404);
    await client.delete(`/apps/${app}`);
    expect((await make()).status).toBe(404);
  });

  it('are made by who manages the app and deploys to the environment', async () => {
    const tokenOf = async (verbs: string[], environments: '*' | string[] = '*') => {
      const made = await client.post('/tokens', {
        name: `t-${count}-${verbs.join('-')}`,
        verbs,
        apps: [app],
        environments,
      });
      return new ApiClient(api.url, String(made.body.data['token']));
    };
    const body = { branch: 'main', environment: 'staging' };
    const path = `/apps/${app}/push_rules`;
    expect((await (await tokenOf(['manage'])).post(path, body)).status).toBe(403);
    expect((await (await tokenOf(['deploy'])).post(path, body)).status).toBe(403);
    const both = await tokenOf(['manage', 'deploy']);
    const made = await both.post(path, body);
    expect(made.status).toBe(201);
    const reader = await tokenOf(['read'], ['production']);
    expect((await reader.get(path)).body.pagination['total_count']).toBe(0);
    expect((await reader.get(`${path}/${made.body.data.id}`)).status).toBe(404);
  });
});
