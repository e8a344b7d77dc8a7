import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { ConfigVersionRow, DeployRow, EnvironmentRow, InstanceRow, WorkerRow } from '../../src/store/entities/index.js';
import { specOf } from '../../src/store/worker-spec.js';
import { LABELS } from '../../src/domain/instance/container-name.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { putDeploy, putInstance, putThere, seedPlaces } from '../support/world.js';

describe('GET /drift', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let environment: string;
  let deploy: DeployRow;
  let instances: InstanceRow[];
  let count = 0;

  const place = () => ({ app, environment });
  const drift = async (query = `app=${app}&environment=${environment}`) => {
    const { status, body } = await client.get(`/drift?${query}`);
    expect(status).toBe(200);
    return body.data as unknown as Record<string, unknown>[];
  };
  const workerRow = () =>
    api.dataSource.manager.findOneByOrFail(WorkerRow, {
      appId: deploy.appId,
      name: 'web',
      environmentId: deploy.environmentId,
    });

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  afterEach(() => {
    api.world.hosts.failing = null;
    api.world.registry.failing = null;
    api.world.docker.silent.clear();
  });
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    environment = `place-${count}`;
    await api.dataSource.manager.insert(EnvironmentRow, { name: environment });
    await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' });
    await client.post('/workers', { ...place(), name: 'web', command: '/start web', scale: 2 });
    deploy = await putDeploy(api.dataSource, place(), 'deployed');
    await api.dataSource.manager.update(DeployRow, { id: deploy.id }, { workers: [specOf(await workerRow())] });
    const host = (slot: number) => ({ host: `h${slot}-${count}`, slot });
    instances = [
      await putInstance(api.dataSource, deploy, host(1)),
      await putInstance(api.dataSource, deploy, host(2)),
    ];
    putThere(api.world, place(), instances);
  });

  it('is none where all is as it should be', async () => {
    expect(await drift()).toEqual([
      {
        app: expect.objectContaining({ name: app }),
        environment: expect.objectContaining({ name: environment }),
        in_sync: true,
        deploy_id: deploy.id,
        deploy_in_progress: null,
        steps: [],
        instances: [],
        strays: [],
        silent_hosts: [],
        next_deploy: { workers: [], config: null },
      },
    ]);
  });

  it('names what is missing, what is too much, and what nobody has written down', async () => {
    const labels = { [LABELS.app]: app, [LABELS.environment]: environment };
    const stray = { id: 's', name: 'left-behind', state: 'running' as const, labels, hostPort: null };
    api.world.docker.containers.set(`h1-${count}`, [stray]);
    await client.put('/workers/rescale', { ...place(), name: 'web', scale: 1 });
    const [seen] = await drift();
    expect(seen?.['in_sync']).toBe(false);
    expect(seen?.['strays']).toEqual([{ host: `h1-${count}`, name: 'left-behind' }]);
    expect(seen?.['steps']).toMatchObject([
      { action: 'stop', slot: 2, because: 'web is scaled to 1' },
      { action: 'restart', slot: 1, because: 'its container or its entry in Consul is gone' },
    ]);
  });

  it('names instances whose check fails, and whose host is lost', async () => {
    const services = api.world.registry.services;
    const entries = services.get(`${app}-web`) ?? [];
    services.set(
      `${app}-web`,
      entries.map((entry) => ({ ...entry, check: 'critical' as const, checkOutput: 'HTTP GET: 500' })),
    );
    const pool = `api/${environment}`;
    const hosts = api.world.hosts.pools.get(pool) ?? [];
    api.world.hosts.pools.set(pool, [
      ...hosts.slice(0, 1),
      ...hosts.slice(1).map((host) => ({ ...host, healthy: false, unhealthyBecause: 'serfHealth: unreachable' })),
    ]);
    const [seen] = await drift();
    expect([seen?.['in_sync'], seen?.['instances']]).toEqual([
      false,
      [
        expect.objectContaining({ host: `h1-${count}`, because: 'its check fails: HTTP GET: 500' }),
        expect.objectContaining({ host: `h2-${count}`, because: 'its host is lost: serfHealth: unreachable' }),
      ],
    ]);
  });

  it('concludes nothing of a silent host, and says so', async () => {
    api.world.docker.silent.add(`h1-${count}`);
    expect((await drift())[0]).toMatchObject({ in_sync: false, steps: [], silent_hosts: [`h1-${count}`] });
  });

  it('names settings and variables that the next deploy brings, and no value of them', async () => {
    await client.put(`/workers/${(await workerRow()).id}`, { memory_mb: 300, command: '/start with-password' });
    const set = await client.post('/config_sets', { ...place(), config: { A: '1' } });
    expect(set.status).toBe(201);
    const version = await api.dataSource.manager.findOneByOrFail(ConfigVersionRow, { configSetId: set.body.data.id });
    await api.dataSource.manager.update(DeployRow, { id: deploy.id }, { configVersionId: version.id });
    await client.put(`/config_sets/${set.body.data.id}`, { config: { SECRET: 'do-not-show' } });
    const { body, text } = await client.get(`/drift?app=${app}`);
    expect((body.data as unknown as Record<string, unknown>[])[0]).toMatchObject({
      in_sync: true,
      next_deploy: {
        workers: [{ worker: 'web', change: 'changed', fields: ['command', 'memory_mb'] }],
        config: { deployed_version: 1, newest_version: 2, variables: ['SECRET'] },
      },
    });
    expect(text).not.toMatch(/do-not-show|with-password/);
  });

  it('names the deploy that is in progress, which decides', async () => {
    const rollout = await putDeploy(api.dataSource, place(), 'deploying');
    expect((await drift())[0]).toMatchObject({ in_sync: false, deploy_in_progress: rollout.id, steps: [] });
  });

  it('is listed by page, of all apps that have something anywhere', async () => {
    const { body } = await client.get('/drift?per_page=2&page=1');
    expect(body.pagination).toMatchObject({ page: 1, per_page: 2, total_count: count });
    expect(body.data).toHaveLength(Math.min(2, count));
    expect(await drift(`environment=${environment}`)).toHaveLength(1);
    expect(await drift('environment=staging')).toEqual([]);
  });

  it('cannot be told without Consul', async () => {
    api.world.hosts.failing = unavailable('Consul', 'connect ECONNREFUSED');
    const { status, body } = await client.get('/drift');
    expect([status, body.detail]).toEqual([503, 'Consul does not answer: connect ECONNREFUSED']);
  });

  it.each([
    ['app=nobody', 404],
    ['environment=nowhere', 404],
    ['worker=web', 422],
    ['per_page=0', 422],
    ['page=-1', 422],
  ])('of %s is %i', async (query, status) => expect((await client.get(`/drift?${query}`)).status).toBe(status));
});
