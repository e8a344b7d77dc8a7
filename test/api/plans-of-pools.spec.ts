import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnvironmentRow, HostPoolRow, InstanceRow, StackRow, WorkerRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { putDeploy, putInstance, putThere, seedPlaces } from '../support/world.js';

interface Plan {
  readonly steps: readonly { action: string; from: string | null; to: string | null }[];
  readonly pools: readonly {
    pool_id: string;
    hosts: number;
    hosts_needed_now: number;
    hosts_needed_after: number;
    sentence: string;
  }[];
  readonly hosts: readonly { host: string; is_new: boolean }[];
  readonly notes: readonly string[];
}

const PLACE = { app: 'pooled', environment: 'plains' };
/** Two of them fill a host of 4096 MB. */
const EACH = { memory_mb: 2000, cpus: 0.1 };

describe('POST /plans of host pools', () => {
  let api: TestApi;
  let client: ApiClient;
  let poolId: string;
  let workerId: string;

  const ask = (change: object) => client.post('/plans', { ...PLACE, change });
  const plan = async (change: object): Promise<Plan> => {
    const reply = await ask(change);
    expect(reply.status, reply.text).toBe(200);
    return reply.body.data as unknown as Plan;
  };

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
    const { manager } = api.dataSource;
    await manager.insert(EnvironmentRow, { name: PLACE.environment });
    await client.post('/apps', { name: PLACE.app, repo: 'jockey/sample', stack: 'api' });
    await client.post('/workers', { ...PLACE, name: 'web', command: '/start web', scale: 3, ...EACH });
    const deploy = await putDeploy(api.dataSource, PLACE, 'deployed');
    const hosts = ['p1', 'p1', 'p2'];
    const instances = [];
    for (const [index, host] of hosts.entries())
      instances.push(await putInstance(api.dataSource, deploy, { host, slot: index + 1 }));
    const ids = instances.map(({ id }) => id);
    await manager.update(InstanceRow, ids, { memoryMb: EACH.memory_mb });
    putThere(api.world, PLACE, instances);
    workerId = instances[0]?.workerId ?? '';
    const name = `api/${PLACE.environment}`;
    const there = new Set((api.world.hosts.pools.get(name) ?? []).map((host) => host.name));
    const more = ['p1', 'p2'].filter((host) => !there.has(host)).map((host) => aHost(host));
    api.world.hosts.pools.set(name, [...(api.world.hosts.pools.get(name) ?? []), ...more]);
    const { id: stackId } = await manager.findOneByOrFail(StackRow, { name: 'api' });
    const { id: environmentId } = await manager.findOneByOrFail(EnvironmentRow, { name: PLACE.environment });
    const of = { stackId, environmentId, kind: 'static' as const, headRoomPercent: 0 };
    ({ id: poolId } = await manager.save(manager.create(HostPoolRow, of)));
  });
  afterAll(() => api?.stop());

  it('say what doubling a worker costs in hosts', async () => {
    const { pools, hosts } = await plan({ kind: 'scale', worker: 'web', times: 2 });
    expect(pools).toMatchObject([{ pool_id: poolId, hosts: 2, hosts_needed_now: 2, hosts_needed_after: 3 }]);
    expect(pools[0]?.sentence).toBe('2 hosts now, of which 2 are needed; after the change 3: 1 host more.');
    expect(hosts.map(({ host }) => host)).toEqual(['p1', 'p2']);
  });

  it('say what a smaller scale saves', async () => {
    const { pools } = await plan({ kind: 'scale', worker: 'web', scale: 1 });
    expect(pools[0]).toMatchObject({ hosts_needed_after: 1 });
  });

  it('say whether a lost host has to be replaced', async () => {
    const { pools } = await plan({ kind: 'lose_host', host: 'p1' });
    expect(pools).toMatchObject([{ hosts: 2, hosts_needed_after: 2 }]);
  });

  it('say what a group of more hosts would bring', async () => {
    const { pools, hosts } = await plan({ kind: 'group_of', stack: 'api', hosts: 4 });
    expect(pools).toMatchObject([{ hosts: 2, hosts_needed_after: 4 }]);
    expect(hosts.filter((each) => each.is_new).map(({ host }) => host)).toEqual(['new-1', 'new-2']);
  });

  it('say that fewer hosts cannot hold what is there', async () => {
    const { notes } = await plan({ kind: 'group_of', stack: 'api', hosts: 1 });
    expect(notes[0]).toMatch(/2 hosts.+1 /);
  });

  it('say that a deploy without a place ends at once in a static pool', async () => {
    const worker = { id: workerId };
    await api.dataSource.manager.update(WorkerRow, worker, { scale: 6 });
    const { notes } = await plan({ kind: 'deploy' });
    expect(notes.join(' ')).toMatch(/would end as not_placed.+is static/);
    await api.dataSource.manager.update(WorkerRow, worker, { scale: 3 });
  });

  it.each([
    [{ kind: 'scale', worker: 'web' }, 422, 'change.scale'],
    [{ kind: 'scale', worker: 'web', scale: 2, times: 2 }, 422, 'change.scale'],
    [{ kind: 'scale', worker: 'web', times: 1000 }, 422, 'change.times'],
    [{ kind: 'scale', worker: 'web', times: -1 }, 422, 'change.times'],
    [{ kind: 'group_of', stack: 'api', hosts: 101 }, 422, 'change.hosts'],
    [{ kind: 'group_of', hosts: 2 }, 422, 'change.stack'],
    [{ kind: 'group_of', stack: 'nowhere', hosts: 2 }, 404, null],
  ])('refuse %j', async (change, status, field) => {
    const reply = await ask(change);
    expect(reply.status, reply.text).toBe(status);
    if (field !== null) expect(reply.body.errors.map((each) => each.field)).toContain(field);
  });

  it('refuse another size where there is no pool', async () => {
    const reply = await client.post('/plans', {
      environment: 'production',
      change: { kind: 'group_of', stack: 'api', hosts: 2 },
    });
    expect(reply.status).toBe(404);
    expect(reply.text).toContain('of api in production');
  });
});
