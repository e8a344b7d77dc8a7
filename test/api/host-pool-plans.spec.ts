import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { PoolSampleRow, WorkerRow } from '../../src/store/entities/index.js';
import { GROUP_FAULTS, type FakeHostGroups } from '../fakes/fake-host-groups.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { putDeploy, putInstance, seedPlaces } from '../support/world.js';

const GROUP = { region: 'eu-central-1', name: 'web-hosts' };

const ADOPTED = {
  stack: 'api',
  environment: 'production',
  kind: 'auto_scaling_group',
  region: GROUP.region,
  group_name: GROUP.name,
  adopt: true,
};

const LAUNCH = {
  image_id: 'ami-0a1b2c3d4e5f60718',
  instance_types: ['m5.large'],
  subnets: ['subnet-0a1b2c3d'],
  security_groups: ['sg-0a1b2c3d'],
};

let api: TestApi;
let client: ApiClient;
let groups: FakeHostGroups;
let id: string;

/** Puts two machines into the group, each a host, and adopts it. */
beforeEach(async () => {
  groups.before = () => undefined;
  groups.groups.clear();
  const { instances } = groups.add(GROUP, { min: 1, max: 4, desired: 2 });
  api.world.hosts.failing = null;
  api.world.hosts.pools.clear();
  api.world.hosts.pools.set(
    'api/production',
    instances.map((instance, at) => aHost(`h${at + 1}`, { machine: instance.id })),
  );
  for (const table of ['pool_samples', 'pool_hosts', 'capacity_changes', 'host_pools', 'instances'])
    await api.dataSource.query(`DELETE FROM ${table}`);
  id = (await client.post('/host_pools', ADOPTED)).body.data.id;
  api.world.queue.sent.length = 0;
  groups.calls.length = 0;
});
beforeAll(async () => {
  api = await TestApi.start();
  client = api.client;
  groups = api.world.groups;
  await seedPlaces(api.dataSource);
  await client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
});
afterAll(() => api?.stop());

/** So many instances of 256 MiB on a host. */
async function fill(host: string, count: number): Promise<void> {
  const deploy = await putDeploy(api.dataSource, { app: 'sample', environment: 'production' }, 'deployed');
  for (let slot = 1; slot <= count; slot += 1) await putInstance(api.dataSource, deploy, { host, slot });
}

/** Nothing may have been written down, sent or done to the group. */
async function expectNothingDone(): Promise<void> {
  expect(api.world.queue.sent).toEqual([]);
  expect(groups.calls.filter(({ method }) => method !== 'read' && method !== 'offerOf')).toEqual([]);
  expect((await client.get('/host_pools')).body.pagination).toMatchObject({ total_count: 1 });
}

describe('POST /host_pools/:id/preview', () => {
  it('says what more hosts would do, and does nothing', async () => {
    const before = (await client.get(`/host_pools/${id}`)).body.data;
    const { status, body } = await client.post(`/host_pools/${id}/preview`, { desired_hosts: 4, max_hosts: 6 });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      ...{ stack: 'api', environment: 'production', from_hosts: 2, to_hosts: 4, min_hosts: 1, max_hosts: 6 },
      actions: ['The group web-hosts in eu-central-1 would get at most 6, 4 at once.'],
      decision: { desired_hosts: 4, leave: [], never: [], beyond_max: 0 },
      mode: 'automatic',
      troubles: [],
    });
    expect((await client.get(`/host_pools/${id}`)).body.data).toEqual(before);
    await expectNothingDone();
  });

  it('names the host that would leave where fewer are wanted: the cheapest to empty', async () => {
    await fill('h1', 3);
    const { body } = await client.post(`/host_pools/${id}/preview`, { desired_hosts: 1 });
    expect(body.data).toMatchObject({
      ...{ from_hosts: 2, to_hosts: 1 },
      actions: ['1 host would be emptied and let go, the cheapest to empty first.'],
      decision: { desired_hosts: 1, leave: ['h2'] },
    });
    await expectNothingDone();
  });

  it('spares a host that runs what may not move', async () => {
    await fill('h2', 1);
    await fill('h1', 3);
    await api.dataSource.manager.update(WorkerRow, { name: 'web' }, { mayMove: true });
    await api.dataSource.query(
      `UPDATE workers SET may_move = false WHERE id = (SELECT worker_id FROM instances WHERE host = 'h2' LIMIT 1)`,
    );
    const { body } = await client.post(`/host_pools/${id}/preview`, { desired_hosts: 1 });
    expect(body.data).toMatchObject({ decision: { leave: [] } });
    await api.dataSource.query('UPDATE workers SET may_move = true');
  });

  it('refuses what the change would be refused for', async () => {
    expect((await client.post(`/host_pools/${id}/preview`, { min_hosts: 9 })).status).toBe(422);
    expect((await client.post(`/host_pools/${id}/preview`, { nonsense: 9 })).status).toBe(422);
  });

  it('says what cannot be looked at, and plans nothing from silence', async () => {
    api.world.hosts.failing = unavailable('Consul', 'connection refused');
    const { body } = await client.post(`/host_pools/${id}/preview`, { max_hosts: 6 });
    expect(body.data).toMatchObject({ decision: null, troubles: ['Consul does not answer: connection refused'] });
  });
});

describe('POST /host_pools/preview', () => {
  it('says what making a group would do', async () => {
    const wanted = { ...ADOPTED, environment: 'staging', group_name: 'more-hosts', adopt: undefined, launch: LAUNCH };
    const { status, body } = await client.post('/host_pools/preview', { ...wanted, min_hosts: 2, max_hosts: 3 });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      ...{ environment: 'staging', from_hosts: 0, to_hosts: 2, min_hosts: 2, max_hosts: 3 },
      actions: [
        expect.stringContaining('The group more-hosts in eu-central-1 would be made'),
        'It would start 2 hosts at once.',
      ],
      troubles: [],
    });
    await expectNothingDone();
  });

  it('says what adopting one would do, and what noting a static pool would', async () => {
    groups.add({ ...GROUP, name: 'others' }, { min: 0, max: 2, desired: 2 });
    const wanted = { ...ADOPTED, environment: 'staging', group_name: 'others', max_hosts: 5 };
    const adopting = await client.post('/host_pools/preview', wanted);
    expect(adopting.body.data['actions']).toEqual([
      expect.stringContaining('others in eu-central-1 with its 2 machines would be adopted'),
      'The group others in eu-central-1 would get at most 5.',
    ]);
    const noting = await client.post('/host_pools/preview', { stack: 'build', environment: 'staging', kind: 'static' });
    expect(noting.body.data).toMatchObject({ actions: [expect.stringContaining('would be noted')], from_hosts: 0 });
    await expectNothingDone();
  });

  it('refuses what making it would be refused for', async () => {
    expect((await client.post('/host_pools/preview', ADOPTED)).status).toBe(409);
    expect((await client.post('/host_pools/preview', { ...ADOPTED, group_name: 'nothing' })).status).toBe(404);
    expect((await client.post('/host_pools/preview', { ...ADOPTED, region: 'here' })).status).toBe(422);
  });
});

describe('GET /host_pools/:id/fewer_hosts', () => {
  it('says which host could leave, and how much would move', async () => {
    await client.put(`/host_pools/${id}`, { desired_hosts: 3 });
    const third = groups.group(GROUP.name).instances[2]?.id ?? null;
    const hosts = api.world.hosts.pools.get('api/production') ?? [];
    api.world.hosts.pools.set('api/production', [...hosts, aHost('h3', { machine: third })]);
    await fill('h1', 3);
    await fill('h2', 1);
    await fill('h3', 2);
    expect((await client.get(`/host_pools/${id}/fewer_hosts`)).body.data).toMatchObject({
      ...{ hosts: 3, enough: 2, leave: ['h2'], moves: 1 },
      sentence: expect.stringContaining('h2 could leave') as string,
    });
  });

  it('says what keeps it from fewer', async () => {
    await fill('h1', 14);
    await fill('h2', 14);
    const { data } = (await client.get(`/host_pools/${id}/fewer_hosts`)).body;
    expect(data).toMatchObject({ hosts: 2, enough: 2, leave: [], moves: 0 });
    expect(data['obstacles']).not.toEqual([]);
  });

  it('concludes nothing from silence', async () => {
    groups.before = () => {
      throw GROUP_FAULTS.throttled();
    };
    const silent = await client.get(`/host_pools/${id}/fewer_hosts`);
    expect([silent.status, silent.body.detail]).toEqual([503, expect.stringContaining('Throttling')]);
  });
});

describe('GET /host_pools/:id/utilization', () => {
  const sample = (at: string, change: Partial<PoolSampleRow>) =>
    api.dataSource.manager.insert(PoolSampleRow, {
      ...{ poolId: id, at: new Date(at), desiredHosts: 2, hosts: 2, memoryMb: 8192, cpus: 4 },
      ...{ reservedMemoryMb: 2048, reservedCpus: 1, instances: 8, waiting: 0, ...change },
    });

  const SPAN = 'from=2026-11-01T00:00:00Z&to=2026-11-01T02:00:00Z';

  it('is what was on average over each step, and in all', async () => {
    await sample('2026-10-31T23:59:00Z', { hosts: 9 });
    await sample('2026-11-01T00:00:00Z', {});
    await sample('2026-11-01T00:01:00Z', { hosts: 4, reservedMemoryMb: 6144, reservedCpus: 3, waiting: 3 });
    await sample('2026-11-01T01:30:00Z', { hosts: 3, desiredHosts: 3 });
    await sample('2026-11-01T02:00:00Z', { hosts: 9 });
    const { body } = await client.get(`/host_pools/${id}/utilization?${SPAN}&step=3600`);
    expect(body.data).toEqual({
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-01T02:00:00.000Z',
      step: 3600,
      host_hours: 0.15,
      memory_percent: 42,
      cpu_percent: 42,
      points: [
        {
          ...{ at: '2026-11-01T00:00:00.000Z', desired_hosts: 2, hosts: 3, memory_mb: 8192, cpus: 4 },
          ...{ reserved_memory_mb: 4096, reserved_cpus: 2, memory_percent: 50, cpu_percent: 50 },
          ...{ instances: 8, waiting: 3 },
        },
        {
          ...{ at: '2026-11-01T01:00:00.000Z', desired_hosts: 3, hosts: 3, memory_mb: 8192, cpus: 4 },
          ...{ reserved_memory_mb: 2048, reserved_cpus: 1, memory_percent: 25, cpu_percent: 25 },
          ...{ instances: 8, waiting: 0 },
        },
      ],
    });
  });

  it('is of the last day where nothing is said, and knows nothing where nothing was', async () => {
    const { body } = await client.get(`/host_pools/${id}/utilization`);
    expect(body.data).toMatchObject({ step: 300, host_hours: 0, memory_percent: null, cpu_percent: null, points: [] });
    const { from, to } = body.data as unknown as { from: string; to: string };
    expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
  });

  it.each([
    ['from=yesterday', 'from is "yesterday", but should be a time with its zone, such as 2026-11-20T03:36:00Z.'],
    ['from=2026-11-01T02:00:00Z&to=2026-11-01T00:00:00Z', 'from should be before to.'],
    ['step=59', 'step is 59, but should be a whole number of seconds from 60 to 86400.'],
    [
      'from=2026-09-01T00:00:00Z&to=2026-11-01T00:00:00Z&step=60',
      'step is 60, which makes 87840 points; for this time it should be at least 3514 seconds.',
    ],
  ])('refuses %s', async (query, fault) => {
    const { status, body } = await client.get(`/host_pools/${id}/utilization?${query}`);
    expect([status, body.detail]).toEqual([422, fault]);
  });
});

describe('GET /host_pools/:id/changes', () => {
  it('comes in pages, newest first', async () => {
    for (const count of [3, 4]) await client.put(`/host_pools/${id}`, { desired_hosts: count });
    const { body } = await client.get(`/host_pools/${id}/changes?per_page=2`);
    expect(body.data).toMatchObject([
      { from_hosts: 3, to_hosts: 4 },
      { from_hosts: 2, to_hosts: 3 },
    ]);
    expect(body.pagination).toMatchObject({ total_count: 3, total_pages: 2 });
  });
});

describe('the switch', () => {
  it('turns all scaling into advice, and says who turned it', async () => {
    expect((await client.get('/scaling')).body.data).toMatchObject({
      mode: 'automatic',
      installation_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    const turned = await client.put('/scaling', { mode: 'advice' });
    expect(turned.body.data).toMatchObject({ mode: 'advice', changed_by: 'bootstrap' });
    expect(api.world.queue.sent).toEqual([{ kind: 'host_pool', poolId: id }]);
    expect((await client.get(`/host_pools/${id}`)).body.data).toMatchObject({
      mode: 'automatic',
      effective_mode: 'advice',
    });
    expect((await client.post(`/host_pools/${id}/preview`)).body.data['mode']).toBe('advice');
    const [entry] = (await client.get('/audit?per_page=1')).body.data as unknown as Record<string, unknown>[];
    expect(entry).toMatchObject({ operation: 'updateScaling', subject: { kind: 'scaling' } });
    expect((await client.put('/scaling', { mode: 'automatic' })).body.data).toMatchObject({ mode: 'automatic' });
    const refused = await client.put('/scaling', { mode: 'off' });
    expect([refused.status, refused.body.detail]).toEqual([
      422,
      'mode is "off", but should be one of automatic, advice.',
    ]);
  });
});
