import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { putRelease } from '../support/releases.js';
import { seedPlaces, shaOf } from '../support/world.js';

describe('releases', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let count = 0;

  const put = (commit: number, environment = 'production') =>
    putRelease(api.dataSource, { app, environment }, { commit });
  const list = async (query: string) =>
    ((await client.get(`/releases?${query}`)).body.data as unknown as { number: string }[]).map(({ number }) => number);

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' });
  });

  it('are listed newest first, of one app in one environment, in pages', async () => {
    for (const commit of [1, 2, 3]) await put(commit);
    await put(4, 'development');
    expect(await list(`app=${app}&environment=production`)).toEqual(['v3', 'v2', 'v1']);
    expect(await list(`app=${app}&environment=production&per_page=1&page=2`)).toEqual(['v2']);
    expect(await list(`app=${app}`)).toEqual(['v1', 'v3', 'v2', 'v1']);
    expect(await list(`app=${app}&environment=staging`)).toEqual([]);
    expect((await client.get('/releases?app=nobody')).status).toBe(404);
    expect((await client.get('/releases?state=current')).status).toBe(422);
  });

  it('are shown by id and by number, with what they are made of, and no variable', async () => {
    const secret = 'hunter2-secret';
    const [set] = (await client.get(`/config_sets?app=${app}&environment=production`)).body.data as unknown as {
      id: string;
    }[];
    await client.put(`/config_sets/${set?.id}`, { config: { PASSWORD: secret } });
    await put(7);
    const release = await put(8);
    const shown = await client.get(`/releases/${release.id}`);
    expect(shown.body.data).toEqual({
      id: release.id,
      number: 'v2',
      app: expect.objectContaining({ name: app }),
      environment: { id: release.environmentId, name: 'production' },
      deploy_id: release.deployId,
      build: expect.objectContaining({ id: release.buildId, rref: shaOf(8) }),
      image: release.image,
      rref: shaOf(8),
      config_version: 2,
      workers: [
        {
          name: 'web',
          command: ['/start', 'web'],
          port: 8888,
          memory_mb: 256,
          cpus: expect.any(Number),
          health_path: '/',
          drain_seconds: 5,
          stop_signal: 'SIGTERM',
          stop_grace_seconds: 10,
        },
      ],
      kind: 'deploy',
      from: null,
      from_environment: null,
      current: true,
      created_at: expect.stringMatching(/^\d{4}-/),
    });
    expect(shown.text).not.toContain(secret);
    for (const key of ['v2', 'V2', '2'])
      expect((await client.get(`/releases/${key}?app=${app}&environment=production`)).body).toEqual(shown.body);
    expect((await client.get(`/deploys/${release.deployId}`)).body.data).toMatchObject({
      release: 'v2',
      from_release: null,
      kind: 'deploy',
    });
  });

  it('say what is current, and what they brought back', async () => {
    const first = await put(1);
    await put(2);
    const back = await putRelease(api.dataSource, { app, environment: 'production' }, { commit: 1, from: first });
    const promoted = await putRelease(
      api.dataSource,
      { app, environment: 'development' },
      { commit: 1, from: first, kind: 'promotion' },
    );
    expect((await client.get(`/releases/${first.id}`)).body.data).toMatchObject({ current: false, from: null });
    expect((await client.get(`/releases/${back.id}`)).body.data).toMatchObject({
      ...{ number: 'v3', kind: 'rollback', from: 'v1', from_environment: 'production', current: true },
    });
    expect((await client.get(`/releases/${promoted.id}`)).body.data).toMatchObject({
      ...{ number: 'v1', kind: 'promotion', from: 'v1', from_environment: 'production', current: true },
    });
  });

  it.each(['abc', '0', '999999999', '9'.repeat(30)])('answer 404 for the id %s', async (key) => {
    const missing = await client.get(`/releases/${key}`);
    expect([missing.status, missing.body.error.message]).toEqual([404, `There is no release "${key}".`]);
  });

  it('are 404 by a number that is not there, and ask for the place of one', async () => {
    await put(1);
    for (const key of ['v2', 'v0', 'v', '99999999999', shaOf(1)])
      expect((await client.get(`/releases/${key}?app=${app}&environment=production`)).status).toBe(404);
    const nowhere = await client.get('/releases/v1');
    expect([nowhere.status, nowhere.body.errors[0]?.field]).toEqual([422, 'app']);
    const half = await client.get(`/releases/1?app=${app}`);
    expect([half.status, half.body.errors[0]?.field]).toEqual([422, 'environment']);
  });
});
