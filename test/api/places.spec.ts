import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeployRow, InstanceRow, WorkerRow } from '../../src/store/entities/index.js';
import { TestApi } from '../support/api.js';
import { putRelease } from '../support/releases.js';
import { clientWith } from '../support/tokens.js';
import { putDeploy, putInstance, seedPlaces, shaOf } from '../support/world.js';

const PRODUCTION = { app: 'sample', environment: 'production' };

describe('GET /places', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await TestApi.start();
    await seedPlaces(api.dataSource);
    for (const name of ['sample', 'other', 'never'])
      await api.client.post('/apps', { name, repo: `jockey/${name}`, stack: 'api' });
    const { manager } = api.dataSource;
    const release = await putRelease(api.dataSource, PRODUCTION, { commit: 7 });
    await manager.update(DeployRow, { id: release.deployId }, { completedAt: new Date('2026-11-21T03:36:12Z') });
    const deploy = await manager.findOneByOrFail(DeployRow, { id: release.deployId });
    await manager.update(WorkerRow, { appId: deploy.appId, environmentId: deploy.environmentId }, { scale: 3 });
    await putInstance(api.dataSource, deploy, { host: 'h2', slot: 1 });
    await putInstance(api.dataSource, deploy, { host: 'h1', slot: 2 });
    const started = await putInstance(api.dataSource, deploy, { host: 'h3', slot: 3 });
    await manager.update(InstanceRow, { id: started.id }, { state: 'started' });
    await putDeploy(api.dataSource, { app: 'other', environment: 'production' }, 'deploying');
    await api.client.post('/apps/sample/hold', { environment: 'production', reason: 'a look' });
  });
  afterAll(() => api?.stop());

  it('says what runs where, and in one word how it is', async () => {
    const { status, body } = await api.client.get('/places');
    expect(status).toBe(200);
    expect(body['pagination']).toMatchObject({ total_count: 2 });
    const [other, sample] = body.data as unknown as Record<string, unknown>[];
    expect(other).toMatchObject({
      app: 'other',
      condition: 'deploying',
      release: null,
      deploy: { state: 'deploying' },
    });
    expect(sample).toMatchObject({
      ...{ app: 'sample', environment: 'production', condition: 'failing', deploy: null, hold: 'a look' },
      release: { number: 'v1', rref: shaOf(7) },
      last_deploy: { state: 'deployed', outcome: 'succeeded', completed_at: '2026-11-21T03:36:12.000Z' },
      workers: [{ name: 'web', wanted: 3, healthy: 2, starting: 1, failed: 0, hosts: ['h1', 'h2'] }],
    });
  });

  it('has pages and filters', async () => {
    const second = (await api.client.get('/places?page=2&per_page=1')).body;
    expect([second.data, second['pagination']]).toMatchObject([[{ app: 'sample' }], { page: 2, total_pages: 2 }]);
    expect((await api.client.get('/places?app=sample&environment=staging')).body.data).toEqual([]);
    expect((await api.client.get('/places?app=absent')).status).toBe(404);
  });

  it('shows each caller what they may see', async () => {
    const some = await clientWith(api, { verbs: ['read'], apps: ['other'] });
    const { data, pagination } = (await some.get('/places')).body as unknown as Record<string, unknown>;
    expect([data, pagination]).toMatchObject([[{ app: 'other' }], { total_count: 1 }]);
  });

  it('forgets an app that is deleted', async () => {
    await putDeploy(api.dataSource, { app: 'never', environment: 'staging' }, 'deployed');
    expect((await api.client.get('/places?app=never')).body.data).toHaveLength(1);
    expect((await api.client.delete('/apps/never')).status).toBe(200);
    expect((await api.client.get('/places')).body['pagination']).toMatchObject({ total_count: 2 });
  });
});
