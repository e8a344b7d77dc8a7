import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { INSTALLATION_TAG } from '../../src/domain/host-pool/group-marks.js';
import { DomainError, unavailable } from '../../src/domain/kernel/errors.js';
import type { FakeHostGroups } from '../fakes/fake-host-groups.js';
import { GROUP_FAULTS } from '../fakes/fake-host-groups.js';
import { HostUserData } from '../../src/observation/host-user-data.js';
import { HostPoolRow, PoolHostRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { putDeploy, putInstance, seedPlaces } from '../support/world.js';

const REGION = 'eu-central-1';

const LAUNCH = {
  image_id: 'ami-0a1b2c3d4e5f60718',
  instance_types: ['m5.large'],
  subnets: ['subnet-0a1b2c3d'],
  security_groups: ['sg-0a1b2c3d'],
};

const NEW = {
  stack: 'api',
  environment: 'production',
  kind: 'auto_scaling_group',
  region: REGION,
  min_hosts: 1,
  max_hosts: 4,
  launch: LAUNCH,
};

const ADOPTED = { ...NEW, launch: undefined, group_name: 'web-hosts', adopt: true, min_hosts: undefined };

let api: TestApi;
let client: ApiClient;
let groups: FakeHostGroups;

beforeAll(async () => {
  api = await TestApi.start({ environment: { HOST_RESERVED_MEMORY_MB: '512', HOST_RESERVED_CPUS: '0' } });
  client = api.client;
  groups = api.world.groups;
  // What is in it is proven where it is made; here it only has to reach the group.
  api.app.get(HostUserData).userDataOf = () => Promise.resolve('#cloud-config');
  await seedPlaces(api.dataSource);
  await client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
});
afterAll(() => api?.stop());
beforeEach(async () => {
  groups.before = () => undefined;
  groups.groups.clear();
  groups.calls.length = 0;
  api.world.queue.sent.length = 0;
  api.world.hosts.failing = null;
  api.world.hosts.pools.clear();
  for (const table of ['pool_samples', 'pool_hosts', 'capacity_changes', 'host_pools', 'instances'])
    await api.dataSource.query(`DELETE FROM ${table}`);
});

const create = async (body: object = NEW) => {
  const reply = await client.post('/host_pools', body);
  expect(reply.body, reply.text).toMatchObject({ data: { kind: expect.any(String) as string } });
  expect(reply.status).toBe(201);
  return reply.body.data;
};

const faultsOf = async (body: object, path = '/host_pools', method: 'post' | 'put' = 'post') => {
  const { status, body: answer } = await client[method](path, body);
  expect(status, JSON.stringify(answer)).toBe(422);
  return answer.errors.map(({ field, message }) => `${field} ${message}`);
};

describe('POST /host_pools', () => {
  it('makes a group that is fitted and marked, and its pool', async () => {
    const pool = await create();
    expect(pool).toMatchObject({
      stack: 'api',
      environment: 'production',
      group_name: 'jockey-api-production',
      region: REGION,
      launch: { ...LAUNCH, instance_profile: null, key_name: null },
      offer: { memory_mb: 8192 - 512, cpus: 2 },
      min_hosts: 1,
      max_hosts: 4,
      desired_hosts: 1,
      mode: 'automatic',
      effective_mode: 'automatic',
      group: { min_hosts: 1, max_hosts: 4, desired_hosts: 1, machines: 1 },
      counts: { launching: 0, in_service: 1, registered: 0, draining: 0, terminating: 0 },
    });
    const group = groups.group('jockey-api-production');
    expect(group).toMatchObject({ desired: 1, userData: '#cloud-config', protectsNew: true });
    expect([...group.hooks.keys()]).toEqual(['jockey-drain']);
    const { installation_id: installation } = (await client.get('/scaling')).body.data;
    expect(group.tags).toMatchObject({
      [INSTALLATION_TAG]: installation,
      'jockey:stack': 'api',
      'jockey:environment': 'production',
    });
    expect(api.world.queue.sent).toContainEqual({ kind: 'host_pool', poolId: pool.id });
    const changes = await client.get(`/host_pools/${pool.id}/changes`);
    expect(changes.body.data).toMatchObject([
      { from_hosts: 0, to_hosts: 1, cause: 'operator', applied: true, requested_by: 'bootstrap' },
    ]);
  });

  it('adopts a group as it is: its limits, its count, its machines', async () => {
    groups.add({ region: REGION, name: 'web-hosts' }, { min: 2, max: 5, desired: 3, instanceTypes: ['m5.large'] });
    const pool = await create({ ...ADOPTED, max_hosts: undefined });
    expect(pool).toMatchObject({
      launch: null,
      offer: { memory_mb: 7680, cpus: 2 },
      ...{ min_hosts: 2, max_hosts: 5, desired_hosts: 3 },
      group: { machines: 3 },
    });
    expect([...groups.group('web-hosts').hooks.keys()]).toEqual(['jockey-drain']);
    expect(groups.calls.map(({ method }) => method)).not.toContain('update');
    const changes = await client.get(`/host_pools/${pool.id}/changes`);
    expect(changes.body.data).toMatchObject([{ from_hosts: 0, to_hosts: 3 }]);
  });

  it('gives an adopted group the limits that are said', async () => {
    groups.add({ region: REGION, name: 'web-hosts' }, { min: 0, max: 2, desired: 1 });
    expect(await create({ ...ADOPTED, max_hosts: 6, min_hosts: 2 })).toMatchObject({ min_hosts: 2, desired_hosts: 2 });
    expect(groups.group('web-hosts')).toMatchObject({ min: 2, max: 6, desired: 2 });
  });

  it("leaves another Jockey's group alone, unless it is taken over", async () => {
    const tags = { [INSTALLATION_TAG]: 'another' };
    groups.add({ region: REGION, name: 'web-hosts' }, { desired: 1, tags });
    const refused = await client.post('/host_pools', ADOPTED);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain("is another Jockey's");
    expect(groups.calls.map(({ method }) => method)).toEqual(['read']);
    await create({ ...ADOPTED, take_over: true });
    expect(groups.group('web-hosts').tags[INSTALLATION_TAG]).not.toBe('another');
  });

  it('refuses a place or a group that has a pool, and a group that is there already', async () => {
    groups.add({ region: REGION, name: 'web-hosts' }, { desired: 1 });
    const there = await client.post('/host_pools', { ...NEW, group_name: 'web-hosts' });
    expect([there.status, there.body.detail]).toEqual([409, expect.stringContaining('adopt: true')]);
    await create(ADOPTED);
    expect((await client.post('/host_pools', ADOPTED)).status).toBe(409);
    expect((await client.post('/host_pools', { ...ADOPTED, environment: 'staging' })).status).toBe(409);
    expect((await client.get('/host_pools')).body.pagination).toMatchObject({ total_count: 1 });
  });

  it('refuses a group to adopt, a stack and an environment that are not there', async () => {
    const missing = await client.post('/host_pools', ADOPTED);
    expect([missing.status, missing.body.detail]).toEqual([404, expect.stringContaining('web-hosts')]);
    expect((await client.post('/host_pools', { ...NEW, stack: 'nothing' })).status).toBe(404);
    expect((await client.post('/host_pools', { ...NEW, environment: 'nothing' })).status).toBe(404);
  });

  it('keeps nothing where the group refuses, and says what it said', async () => {
    groups.before = ({ method }) => {
      if (method === 'create') throw new DomainError('unprocessable_entity', 'The account may have no more groups.');
    };
    const refused = await client.post('/host_pools', NEW);
    expect([refused.status, refused.body.detail]).toEqual([422, 'The account may have no more groups.']);
    groups.before = () => {
      throw GROUP_FAULTS.denied('autoscaling:DescribeAutoScalingGroups');
    };
    const denied = await client.post('/host_pools', NEW);
    expect([denied.status, denied.body.detail]).toEqual([
      503,
      expect.stringContaining('autoscaling:DescribeAutoScalingGroups'),
    ]);
    expect((await client.get('/host_pools')).body.data).toEqual([]);
    expect(api.world.queue.sent).toEqual([]);
  });

  it('goes on with a group that was made, and whose pool was never noted', async () => {
    let fails = true;
    groups.before = ({ method }) => {
      if (method === 'fit' && fails) throw unavailable('AWS', 'it is silent');
    };
    expect((await client.post('/host_pools', NEW)).status).toBe(503);
    expect(groups.groups.size).toBe(1);
    fails = false;
    expect(await create({ ...NEW, max_hosts: 6 })).toMatchObject({ group: { max_hosts: 6 } });
    expect(groups.calls.filter(({ method }) => method === 'create')).toHaveLength(1);
  });

  it('notes a static pool: what Consul has is what there is', async () => {
    api.world.hosts.pools.set('build/staging', [aHost('b1'), aHost('b2', { healthy: false })]);
    const pool = await create({ stack: 'build', environment: 'staging', kind: 'static' });
    expect(pool).toMatchObject({
      kind: 'static',
      ...{ group: null, group_name: null, region: null, launch: null, desired_hosts: 2, min_hosts: 0 },
      counts: { registered: 2 },
      use: { hosts: 1, capacity: { memory_mb: 4096, cpus: 2 }, memory_percent: 0 },
      hosts: [
        { name: 'b1', machine: null, state: 'registered', group: null, takes_instances: true },
        { name: 'b2', takes_instances: false, consul: { healthy: false } },
      ],
    });
    expect(groups.calls).toEqual([]);
  });

  it.each([
    [{ region: 'Frankfurt' }, 'region is "Frankfurt", but should be a region such as eu-central-1.'],
    [{ region: undefined }, 'region is required for an auto_scaling_group: eu-central-1.'],
    [{ group_name: 'a:b' }, /^group_name is "a:b", but should be the name of a group/],
    [{ group_name: 'a+b' }, /^group_name of a new group should be at most 121 letters/],
    [{ kind: 'fleet' }, 'kind is "fleet", but should be one of auto_scaling_group, static.'],
    [{ min_hosts: 5 }, 'min_hosts is 5, but should be at most max_hosts, which is 4.'],
    [{ desired_hosts: 7 }, 'desired_hosts is 7, but should be within min_hosts and max_hosts, 1 to 4.'],
    [{ max_hosts: 1001 }, 'max_hosts is 1001, but should be a whole number of hosts from 0 to 1000.'],
    [{ max_hosts: undefined }, 'max_hosts is required for a new group.'],
    [{ min_hosts: 0, max_hosts: 0 }, /^max_hosts is 0, but should be 1 or more/],
    [{ min_hosts: -1 }, 'min_hosts is -1, but should be a whole number of hosts from 0 to 1000.'],
    [{ scale_to_zero: true }, /^scale_to_zero is true, but min_hosts is 1/],
    [{ memory_mb: 0, cpus: 2 }, 'memory_mb is 0, but should be a whole number of MiB from 128 to 33554432.'],
    [{ memory_mb: 4096, cpus: 0 }, 'cpus is 0, but should be a number of cores from 0.1 to 2048.'],
    [{ memory_mb: 4096 }, 'cpus is required where memory_mb is given: say both, or neither.'],
    [{ head_room_percent: 501 }, /^head_room_percent is 501/],
    [{ drain_deadline_seconds: 172_801 }, /^drain_deadline_seconds is 172801/],
    [{ launch: undefined }, 'launch is required for a new group; or adopt one: adopt true.'],
    [{ launch: [] }, /^launch is \[\], but should be a map/],
    [{ launch: { ...LAUNCH, image_id: 'debian' } }, /^launch\.image_id is "debian"/],
    [{ launch: { ...LAUNCH, instance_types: [] } }, /^launch\.instance_types is \[\], but should be a list of kinds/],
    [{ launch: { ...LAUNCH, instance_types: ['huge'] } }, /^launch\.instance_types is/],
    [
      { launch: { ...LAUNCH, instance_types: ['m5.large', 'z9.nano'] } },
      'launch.instance_types names z9.nano, which eu-central-1 does not know.',
    ],
    [{ launch: { ...LAUNCH, subnets: ['vpc-1'] } }, /^launch\.subnets is/],
    [{ launch: { ...LAUNCH, user_data: '' } }, /^launch\.user_data is not known here/],
    [{ take_over: true }, 'take_over is only for a group that is adopted: adopt true.'],
    [{ adopt: true }, /^launch is not for a group that is adopted/],
    [{ nonsense: 1 }, /^nonsense is not known here/],
    [{ kind: 'static', launch: undefined }, /^region is only of an auto_scaling_group/],
  ])('refuses %j', async (change, fault) => {
    const faults = await faultsOf({ ...NEW, ...change });
    expect(faults).toEqual([typeof fault === 'string' ? fault : expect.stringMatching(fault)]);
    expect(groups.groups.size).toBe(0);
  });
});

describe('GET /host_pools', () => {
  it('shows every host by all who know of it, and where they disagree', async () => {
    const pool = await create({ ...NEW, desired_hosts: 2 });
    const [first, second] = groups.group('jockey-api-production').instances;
    api.world.hosts.pools.set('api/production', [
      aHost('h1', { machine: first?.id ?? null }),
      aHost('stranger', { address: '10.9.9.9' }),
    ]);
    const deploy = await putDeploy(api.dataSource, { app: 'sample', environment: 'production' }, 'deployed');
    await putInstance(api.dataSource, deploy, { host: 'h1' });
    const { body } = await client.get(`/host_pools/${pool.id}`);
    expect(body.data).toMatchObject({
      counts: { registered: 2, in_service: 1 },
      use: { hosts: 2, reserved: { memory_mb: 256, cpus: 0.1 } },
      hosts: [
        {
          name: 'h1',
          machine: first?.id,
          state: 'registered',
          group: { lifecycle_state: 'InService', protected: true, instance_type: 'm5.large' },
          consul: { healthy: true },
          instances: 1,
          instances_that_stay: 0,
          leaving: null,
        },
        { name: 'stranger', machine: null, group: null },
        { name: null, machine: second?.id, state: 'in_service', consul: null, takes_instances: false },
      ],
    });
    expect(body.data['disagreements']).toEqual(
      expect.arrayContaining([expect.stringContaining('stranger'), expect.stringContaining(second?.id ?? '?')]),
    );
  });

  it('is filtered by stack and environment', async () => {
    await create();
    await create({ stack: 'build', environment: 'staging', kind: 'static' });
    const count = async (query: string) => (await client.get(`/host_pools${query}`)).body.pagination['total_count'];
    expect(await count('')).toBe(2);
    expect(await count('?stack=api')).toBe(1);
    expect(await count('?stack=api&environment=staging')).toBe(0);
    expect((await client.get('/host_pools?stack=nothing')).status).toBe(404);
    expect((await client.get('/host_pools?kind=static')).status).toBe(422);
  });

  it('names the trouble where the group or Consul cannot be asked, and shows the rest', async () => {
    const pool = await create();
    groups.before = () => {
      throw GROUP_FAULTS.expired();
    };
    expect((await client.get(`/host_pools/${pool.id}`)).body.data).toMatchObject({
      group: null,
      trouble: expect.stringContaining('ExpiredToken') as string,
    });
    groups.before = () => undefined;
    api.world.hosts.failing = unavailable('Consul', 'connection refused');
    expect((await client.get('/host_pools')).body.data).toMatchObject([
      { group: { machines: 1 }, trouble: 'Consul does not answer: connection refused' },
    ]);
    groups.groups.clear();
    api.world.hosts.failing = null;
    expect((await client.get(`/host_pools/${pool.id}`)).body.data).toMatchObject({
      trouble: expect.stringContaining('somebody deleted it') as string,
    });
  });

  it('knows no other', async () => {
    expect((await client.get('/host_pools/999')).status).toBe(404);
    expect((await client.get('/host_pools/api')).status).toBe(404);
    expect((await client.post('/host_pools/999/look')).status).toBe(404);
    expect((await client.get('/host_pools/999/changes')).status).toBe(404);
    expect((await client.get('/host_pools/999/utilization')).status).toBe(404);
    expect((await client.get('/host_pools/999/fewer_hosts')).status).toBe(404);
    expect((await client.post('/host_pools/999/preview')).status).toBe(404);
  });
});

describe('PUT /host_pools/:id', () => {
  it('asks for more at once, and notes who asked', async () => {
    const pool = await create();
    const changed = await client.put(`/host_pools/${pool.id}`, { desired_hosts: 3, reason: 'the sale' });
    expect(changed.body.data).toMatchObject({ desired_hosts: 3, group: { desired_hosts: 3, machines: 3 } });
    expect((await client.get(`/host_pools/${pool.id}/changes`)).body.data).toMatchObject([
      {
        ...{ from_hosts: 1, to_hosts: 3, cause: 'operator', requested_by: 'bootstrap' },
        reason: 'bootstrap asked for 3 hosts instead of 1: the sale.',
      },
      { to_hosts: 1 },
    ]);
    const { id } = pool;
    expect(api.world.queue.sent.filter((each) => each.kind === 'host_pool' && each.poolId === id)).toHaveLength(2);
  });

  it('only wishes for fewer: the group is told when hosts are empty', async () => {
    const pool = await create({ ...NEW, desired_hosts: 4 });
    const changed = await client.put(`/host_pools/${pool.id}`, { desired_hosts: 2, max_hosts: 2 });
    expect(changed.body.data).toMatchObject({ desired_hosts: 2, max_hosts: 2 });
    expect(groups.group('jockey-api-production')).toMatchObject({ desired: 4, max: 4 });
    expect(groups.group('jockey-api-production').instances).toHaveLength(4);
  });

  it('brings the count within new limits', async () => {
    const pool = await create();
    const changed = await client.put(`/host_pools/${pool.id}`, { min_hosts: 2, max_hosts: 8 });
    expect(changed.body.data).toMatchObject({ desired_hosts: 2, group: { min_hosts: 2, max_hosts: 8, machines: 2 } });
    expect((await client.get(`/host_pools/${pool.id}/changes`)).body.data).toMatchObject([
      { cause: 'limits', from_hosts: 1, to_hosts: 2 },
      {},
    ]);
  });

  it('changes policy, mode and what hosts offer, and leaves the group alone', async () => {
    const pool = await create();
    groups.calls.length = 0;
    const policy = { mode: 'advice', head_room_percent: 25, cool_down_seconds: 5, wait_for_room_seconds: 60 };
    const changed = await client.put(`/host_pools/${pool.id}`, { ...policy, memory_mb: 4096, cpus: 1 });
    expect(changed.body.data).toMatchObject({
      ...policy,
      effective_mode: 'advice',
      offer: { memory_mb: 4096, cpus: 1 },
    });
    expect(groups.calls.map(({ method }) => method)).toEqual(['read']);
  });

  it('has new hosts started from other settings, which offer something else', async () => {
    const pool = await create();
    const launch = { ...LAUNCH, instance_types: ['m5.xlarge'], key_name: 'ops' };
    const changed = await client.put(`/host_pools/${pool.id}`, { launch });
    expect(changed.body.data).toMatchObject({ launch, offer: { memory_mb: 15_872, cpus: 4 } });
    expect(groups.group('jockey-api-production').launch).toMatchObject({
      instanceTypes: ['m5.xlarge'],
      keyName: 'ops',
    });
  });

  it('keeps nothing where the group refuses', async () => {
    const pool = await create();
    groups.before = ({ method }) => {
      if (method === 'update') throw GROUP_FAULTS.throttled();
    };
    expect((await client.put(`/host_pools/${pool.id}`, { desired_hosts: 4 })).status).toBe(503);
    expect((await client.get(`/host_pools/${pool.id}`)).body.data).toMatchObject({ desired_hosts: 1 });
  });

  it('touches no group that another Jockey has taken meanwhile', async () => {
    const pool = await create();
    groups.group('jockey-api-production').tags[INSTALLATION_TAG] = 'another';
    const refused = await client.put(`/host_pools/${pool.id}`, { desired_hosts: 4 });
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining("another Jockey's")]);
    expect((await client.delete(`/host_pools/${pool.id}?keep_group=false`)).status).toBe(409);
    expect(groups.group('jockey-api-production')).toMatchObject({ desired: 1 });
  });

  it('notes what is wanted of a group that is not there, and says that it is not', async () => {
    const pool = await create();
    groups.groups.clear();
    const changed = await client.put(`/host_pools/${pool.id}`, { desired_hosts: 2 });
    expect(changed.body.data).toMatchObject({
      desired_hosts: 2,
      trouble: expect.stringContaining('somebody deleted it') as string,
    });
    expect((await client.delete(`/host_pools/${pool.id}?keep_group=false`)).status).toBe(200);
  });

  it('is refused where it was changed since it was read', async () => {
    const pool = await create();
    const { headers } = await client.get(`/host_pools/${pool.id}`);
    const match = { 'if-match': headers.get('etag') ?? '' };
    expect((await client.put(`/host_pools/${pool.id}`, { max_hosts: 5 }, match)).status).toBe(200);
    expect((await client.put(`/host_pools/${pool.id}`, { max_hosts: 6 }, match)).status).toBe(412);
  });

  it.each([
    [{ min_hosts: 9 }, 'min_hosts is 9, but should be at most max_hosts, which is 4.'],
    [{ desired_hosts: 9 }, 'desired_hosts is 9, but should be within min_hosts and max_hosts, 1 to 4.'],
    [{ memory_mb: null }, 'memory_mb is required where cpus is given: say both, or neither.'],
    [{ launch: { ...LAUNCH, instance_types: ['z9.nano'] } }, /z9\.nano, which eu-central-1 does not know/],
    [{ region: 'us-east-1' }, /^region is not known here/],
    [{ launch: null }, /^launch is null/],
  ])('refuses %j', async (change, fault) => {
    const pool = await create();
    const [only, ...others] = await faultsOf(change, `/host_pools/${pool.id}`, 'put');
    expect(others).toEqual([]);
    expect(only).toMatch(fault);
  });

  it('refuses of a static pool what is only of a group', async () => {
    const pool = await create({ stack: 'build', environment: 'staging', kind: 'static' });
    expect(await faultsOf({ desired_hosts: 3, launch: LAUNCH }, `/host_pools/${pool.id}`, 'put')).toEqual([
      expect.stringMatching(/^desired_hosts is only of an auto_scaling_group/),
      expect.stringMatching(/^launch is only of an auto_scaling_group/),
    ]);
    const changed = await client.put(`/host_pools/${pool.id}`, { min_hosts: 2, max_hosts: 3 });
    expect(changed.body.data).toMatchObject({ min_hosts: 2, max_hosts: 3, desired_hosts: 0 });
  });
});

describe('DELETE /host_pools/:id', () => {
  it('forgets the pool and leaves the group; its place is free again', async () => {
    const pool = await create();
    const row = { poolId: pool.id, instanceId: 'i-1', host: 'h1' } as PoolHostRow;
    await api.dataSource.manager.save(PoolHostRow, row);
    const deleted = await client.delete(`/host_pools/${pool.id}`);
    expect([deleted.status, deleted.body.data.id]).toEqual([200, pool.id]);
    expect(groups.groups.size).toBe(1);
    expect((await client.get(`/host_pools/${pool.id}`)).status).toBe(404);
    expect(await api.dataSource.manager.findOneBy(PoolHostRow, { poolId: pool.id })).toMatchObject({
      goneAt: expect.any(Date) as Date,
    });
    await create({ ...ADOPTED, group_name: 'jockey-api-production' });
    expect(await api.dataSource.manager.count(HostPoolRow)).toBe(2);
  });

  it('takes the group away where that is said, and nothing is on its hosts', async () => {
    const pool = await create();
    const [machine] = groups.group('jockey-api-production').instances;
    api.world.hosts.pools.set('api/production', [aHost('h1', { machine: machine?.id ?? null })]);
    const deploy = await putDeploy(api.dataSource, { app: 'sample', environment: 'production' }, 'deployed');
    await putInstance(api.dataSource, deploy, { host: 'h1' });
    const refused = await client.delete(`/host_pools/${pool.id}?keep_group=false`);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('1 instances are on h1')]);
    await api.dataSource.query(`UPDATE instances SET state = 'stopped'`);
    expect((await client.delete(`/host_pools/${pool.id}?keep_group=false`)).status).toBe(200);
    expect(groups.groups.size).toBe(0);
    const [host] = await api.dataSource.query<{ cordoned: boolean }[]>(`SELECT * FROM hosts WHERE name = 'h1'`);
    expect(host?.cordoned).toBe(true);
    await api.dataSource.query(`DELETE FROM hosts WHERE name = 'h1'`);
  });

  it('opens the hosts again where the group does not go', async () => {
    const pool = await create();
    api.world.hosts.pools.set('api/production', [aHost('h1')]);
    groups.before = ({ method }) => {
      if (method === 'remove') throw GROUP_FAULTS.denied('autoscaling:DeleteAutoScalingGroup');
    };
    const refused = await client.delete(`/host_pools/${pool.id}?keep_group=false`);
    expect([refused.status, refused.body.detail]).toEqual([503, expect.stringContaining('DeleteAutoScalingGroup')]);
    expect((await client.get('/hosts/h1')).body.data).toMatchObject({ state: 'active', cordoned: false });
    expect((await client.get(`/host_pools/${pool.id}`)).status).toBe(200);
  });

  it('deletes no group while Consul cannot say what runs', async () => {
    const pool = await create();
    api.world.hosts.failing = unavailable('Consul', 'connection refused');
    expect((await client.delete(`/host_pools/${pool.id}?keep_group=false`)).status).toBe(503);
    expect((await client.delete(`/host_pools/${pool.id}?keep_group=perhaps`)).status).toBe(422);
    expect(groups.groups.size).toBe(1);
  });
});

describe('POST /host_pools/:id/look', () => {
  it('has an engine look, and writes nothing', async () => {
    const pool = await create();
    api.world.queue.sent.length = 0;
    const looked = await client.post(`/host_pools/${pool.id}/look`);
    expect([looked.status, looked.body.data.id]).toEqual([202, pool.id]);
    expect(api.world.queue.sent).toEqual([{ kind: 'host_pool', poolId: pool.id }]);
  });
});
