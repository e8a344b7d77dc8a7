import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { HostLoads } from '../../src/store/repositories/host-loads.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { putDeploy, putInstance, seedPlaces } from '../support/world.js';

describe('hosts', () => {
  let api: TestApi;
  let client: ApiClient;

  const names = async (query = '') =>
    ((await client.get(`/hosts${query}`)).body.data as unknown as { id: string }[]).map(({ id }) => id);

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
    await client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
    const deploy = await putDeploy(api.dataSource, { app: 'sample', environment: 'production' }, 'deployed');
    for (const slot of [1, 2, 3]) await putInstance(api.dataSource, deploy, { host: 'h1', slot });
  });
  afterAll(() => api?.stop());
  beforeEach(() => {
    api.world.hosts.failing = null;
    api.world.hosts.pools.clear();
    api.world.hosts.pools.set('api/production', [
      aHost('h2', { healthy: false, unhealthyBecause: 'serfHealth: Agent not live', capacity: null }),
      aHost('h1', { address: '10.0.0.11', machine: 'i-0a' }),
    ]);
    api.world.hosts.pools.set('api/staging', [aHost('h1', { address: '10.0.0.11' }), aHost('h3')]);
    api.world.hosts.pools.set('build/development', [aHost('h4')]);
  });

  it('are those that Consul knows, each once, by name, with what is on them', async () => {
    const listed = await client.get('/hosts');
    expect(listed.status).toBe(200);
    expect(listed.body.pagination).toMatchObject({ total_count: 4 });
    expect(await names()).toEqual(['h1', 'h2', 'h3', 'h4']);
    const [h1, h2] = listed.body.data as unknown as object[];
    expect(h1).toEqual({
      id: 'h1',
      name: 'h1',
      address: '10.0.0.11',
      machine: 'i-0a',
      stack: 'api',
      environment: 'production',
      pools: [
        { stack: 'api', environment: 'production' },
        { stack: 'api', environment: 'staging' },
      ],
      state: 'active',
      health: { healthy: true, reason: null },
      lost_since: null,
      cordoned: false,
      reason: null,
      drain_requested_at: null,
      capacity: { memory_mb: 4096, cpus: 2 },
      reserved: { memory_mb: 768, cpus: 0.3 },
      running_instances: 3,
    });
    expect(h2).toMatchObject({
      health: { healthy: false, reason: 'serfHealth: Agent not live' },
      capacity: null,
      reserved: { memory_mb: 0, cpus: 0 },
      running_instances: 0,
    });
  });

  it('are filtered by stack and environment, and come in pages', async () => {
    expect(await names('?stack=api&environment=staging')).toEqual(['h1', 'h3']);
    expect(await names('?stack=build')).toEqual(['h4']);
    expect(await names('?environment=production')).toEqual(['h1', 'h2']);
    expect(await names('?per_page=3&page=2')).toEqual(['h4']);
    expect((await client.get('/hosts?stack=nothing')).status).toBe(404);
    expect((await client.get('/hosts?per_page=0')).status).toBe(422);
  });

  it('are shown alone with their instances', async () => {
    const shown = await client.get('/hosts/h1');
    expect(shown.body.data['instances']).toHaveLength(3);
    expect((shown.body.data['instances'] as object[])[0]).toMatchObject({
      app: 'sample',
      environment: 'production',
      worker: 'web',
      slot: 1,
      state: 'healthy',
      port: expect.any(Number),
      deploy_id: expect.any(String),
    });
    expect((await client.get('/hosts/h9')).body.error.message).toBe('There is no host "h9".');
  });

  it('are cordoned and uncordoned with a reason; what Docker said of them stays', async () => {
    await api.app.get(HostLoads).keepCapacity('h2', { memoryMb: 2048, cpus: 1 });
    const cordoned = await client.put('/hosts/h2', { cordoned: true, reason: 'new disk' });
    expect(cordoned.status).toBe(200);
    expect(cordoned.body.data).toMatchObject({
      cordoned: true,
      reason: 'new disk',
      capacity: { memory_mb: 2048, cpus: 1 },
      instances: [],
    });
    expect((await client.get('/hosts/h2')).body.data).toEqual(cordoned.body.data);
    const free = await client.form('PUT', '/hosts/h2', 'cordoned=false&reason=forgotten');
    expect(free.body.data).toMatchObject({ cordoned: false, reason: null, capacity: { memory_mb: 2048 } });
  });

  it.each([
    [{}, 'cordoned'],
    [{ cordoned: 'yes' }, 'cordoned'],
    [{ cordoned: true, reason: 7 }, 'reason'],
    [{ cordoned: true, reason: 'x'.repeat(501) }, 'reason'],
    [{ cordoned: true, address: '10.0.0.9' }, 'address'],
  ])('refuse %j, naming the field', async (body, field) => {
    const refused = await client.put('/hosts/h1', body);
    expect([refused.status, refused.body.errors.map((error) => error.field)]).toEqual([422, [field]]);
  });

  it('that nobody knows are not cordoned', async () => {
    expect((await client.put('/hosts/h9', { cordoned: true })).status).toBe(404);
  });

  it('cannot be listed while Consul is away, and the answer names it', async () => {
    api.world.hosts.failing = unavailable('Consul at http://127.0.0.1:8500', 'connect ECONNREFUSED');
    for (const path of ['/hosts', '/hosts/h1']) {
      const refused = await client.get(path);
      expect([refused.status, refused.body.error.code]).toEqual([503, 'unavailable']);
      expect(refused.body.detail).toContain('Consul');
    }
  });
});
