import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeployRow, HostRow, InstanceRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { putDeploy, putInstance, seedPlaces } from '../support/world.js';

/** Node's fetch would say no-cache, which asks for the whole answer. */
const unlessIs = (etag: string) => ({ 'if-none-match': etag, 'cache-control': 'max-age=0' });

describe('words on hosts', () => {
  let api: TestApi;
  let client: ApiClient;
  let deploy: DeployRow;
  let idle: DeployRow;

  const put = (host: string, body: object) => client.put(`/hosts/${host}`, body);
  const drainOf = async (host: string) => (await client.get(`/hosts/${host}`)).body.data['drain'];
  const change = (row: InstanceRow, patch: Partial<InstanceRow>) =>
    api.dataSource.manager.update(InstanceRow, { id: row.id }, patch);
  const newApp = (name: string) => client.post('/apps', { name, repo: 'jockey/sample', stack: 'api' });

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
    for (const name of ['sample', 'idle', 'never']) await newApp(name);
    deploy = await putDeploy(api.dataSource, { app: 'sample', environment: 'production' }, 'deployed');
    idle = await putDeploy(api.dataSource, { app: 'idle', environment: 'production' }, 'deployed');
    await putDeploy(api.dataSource, { app: 'idle', environment: 'development' }, 'deployed');
    await putDeploy(api.dataSource, { app: 'never', environment: 'production' }, 'failed');
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    await api.dataSource.query('DELETE FROM instances');
    await api.dataSource.query('DELETE FROM hosts');
    await api.dataSource.query(`DELETE FROM deploys WHERE state = 'deploying'`);
    api.world.hosts.pools.clear();
    api.world.hosts.pools.set('api/production', [aHost('h1'), aHost('h2')]);
    api.world.queue.sent.length = 0;
  });

  it('empty it: it is cordoned, and what is on it moves away with progress', async () => {
    const [one, two] = [
      await putInstance(api.dataSource, deploy, { host: 'h1', slot: 1 }),
      await putInstance(api.dataSource, deploy, { host: 'h1', slot: 2 }),
    ];
    const asked = await put('h1', { drain: true, reason: 'new disk' });
    expect(asked.status).toBe(200);
    expect(asked.body.data).toMatchObject({
      state: 'draining',
      cordoned: true,
      reason: 'new disk',
      drain_requested_at: expect.stringMatching(/Z$/),
      lost_since: null,
      drain: { moved: 0, left: 2, finished: false },
    });
    const requestedAt = asked.body.data['drain_requested_at'];
    await change(one, { state: 'stopped', desired: 'stopped', endedAt: new Date() });
    await put('h1', { drain: true });
    expect(await drainOf('h1')).toMatchObject({ requested_at: requestedAt, moved: 1, left: 1, finished: false });
    await change(two, { state: 'stopped', desired: 'stopped', endedAt: new Date() });
    expect(await drainOf('h1')).toEqual({
      requested_at: requestedAt,
      moved: 2,
      left: 0,
      finished: true,
      waiting_for: [],
    });
    expect(await drainOf('h2')).toBeNull();
  });

  it('count nobody who left before it was asked for', async () => {
    const before = await putInstance(api.dataSource, deploy, { host: 'h1' });
    await change(before, { state: 'stopped', endedAt: new Date(Date.now() - 60_000) });
    await put('h1', { drain: true });
    expect(await drainOf('h1')).toMatchObject({ moved: 0, left: 0, finished: true });
  });

  it('say of each instance what it waits for', async () => {
    const old = await putInstance(api.dataSource, deploy, { host: 'h1', slot: 2 });
    await put('h1', { drain: true });
    const says = async (clause: string) =>
      expect(await drainOf('h1')).toMatchObject({ waiting_for: [`web 2 of sample in production: ${clause}`] });

    await says('it has no successor yet: it waits for its turn, or for room on another host');
    const rollout = await putDeploy(api.dataSource, { app: 'sample', environment: 'production' }, 'deploying');
    await says(`deploy ${rollout.id} is in progress here, which goes first`);
    const next = await putInstance(api.dataSource, rollout, { host: 'h2', slot: 2 });
    await change(next, { state: 'planned' });
    await says('its successor on h2 is not started yet');
    await change(next, { state: 'started' });
    await says('its successor on h2 is not healthy yet');
    await change(next, { state: 'healthy' });
    await says('its successor on h2 is healthy, and routers are given time to see it');
    await change(old, { desired: 'stopped' });
    await says('it is being stopped');
    await change(old, { state: 'draining' });
    await says('it is out of traffic and ends its requests');
    api.world.hosts.pools.set('api/production', [aHost('h1', { healthy: false, unhealthyBecause: 'serfHealth' })]);
    await says('it is to be removed, but its host does not answer (serfHealth)');
  });

  it('can be taken back: the end of an emptying leaves it cordoned, and uncordoning ends both', async () => {
    await put('h1', { drain: true, reason: 'new disk' });
    const cordoned = await put('h1', { drain: false });
    expect(cordoned.body.data).toMatchObject({
      state: 'cordoned',
      reason: 'new disk',
      drain_requested_at: null,
      drain: null,
    });
    await put('h1', { drain: true });
    const free = await put('h1', { cordoned: false });
    expect(free.body.data).toMatchObject({ state: 'active', cordoned: false, reason: null, drain: null });
    await put('h1', { drain: true });
    expect((await put('h1', { drain: false, cordoned: false })).body.data).toMatchObject({ state: 'active' });
  });

  it('come by form', async () => {
    const drained = await client.form('PUT', '/hosts/h1', 'drain=true&reason=new+disk');
    expect(drained.body.data).toMatchObject({ state: 'draining', reason: 'new disk' });
    expect((await client.form('PUT', '/hosts/h1', 'cordoned=false')).body.data).toMatchObject({ state: 'active' });
    expect((await client.form('PUT', '/hosts/h1', 'drain=perhaps')).status).toBe(422);
  });

  it('show a host that the engine holds for lost as such', async () => {
    const lostSince = new Date('2026-11-21T03:36:00.000Z');
    await api.dataSource.manager.insert(HostRow, { name: 'h1', cordoned: true, lostSince });
    expect((await client.get('/hosts/h1')).body.data).toMatchObject({
      state: 'lost',
      cordoned: true,
      lost_since: '2026-11-21T03:36:00.000Z',
    });
  });

  it.each([
    [{ cordoned: false, drain: true }, 'drain'],
    [{ force: true }, 'cordoned'],
    [{ drain: 'yes' }, 'drain'],
    [{ drain: null }, 'drain'],
    [{ drain: true, force: 1 }, 'force'],
    [{ reason: 'why not' }, 'reason'],
  ])('are refused as %j, naming the field', async (body, field) => {
    const refused = await put('h1', body);
    expect([refused.status, refused.body.errors.map((error) => error.field)]).toEqual([422, [field]]);
    expect(api.world.queue.sent).toEqual([]);
  });

  it('keep the last host of a pool from being cordoned, unless forced', async () => {
    await put('h1', { cordoned: true });
    for (const body of [{ cordoned: true }, { drain: true }]) {
      const refused = await put('h2', body);
      expect([refused.status, refused.body.error.code]).toEqual([409, 'conflict']);
      expect(refused.body.detail).toMatch(/^No other host of api in production takes instances: .*force: true\.$/);
    }
    expect((await client.get('/hosts/h2')).body.data).toMatchObject({ state: 'active' });
    expect((await put('h2', { drain: true, force: true })).body.data).toMatchObject({ state: 'draining' });
    expect((await put('h2', { drain: true })).status).toBe(200);
  });

  it('name every pool that would be left without one, and count no host that is ill', async () => {
    api.world.hosts.pools.set('api/production', [aHost('h1'), aHost('h2', { healthy: false })]);
    api.world.hosts.pools.set('api/staging', [aHost('h1')]);
    api.world.hosts.pools.set('build/production', [aHost('h1'), aHost('h3')]);
    expect((await put('h1', { cordoned: true })).body.detail).toContain('api in production and api in staging takes');
    expect((await put('h2', { cordoned: true })).status).toBe(200);
    await putInstance(api.dataSource, deploy, { host: 'h1' });
    expect((await put('h1', { cordoned: true, force: true })).status).toBe(200);
    expect((await put('h1', { drain: true })).status).toBe(409);
    await api.dataSource.query('DELETE FROM instances');
    expect((await put('h1', { drain: true })).status).toBe(200);
  });

  it('never take the last two hosts at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      await api.dataSource.query('DELETE FROM hosts');
      const answers = await Promise.all(['h1', 'h2'].map((host) => put(host, { drain: true })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });

  it('said twenty times at once are said once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => put('h1', { drain: true })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.data['drain_requested_at'])).size).toBe(1);
    expect(await api.dataSource.manager.findOneBy(HostRow, { name: 'h1' })).toMatchObject({ version: 2 });
  });

  it('are refused to who read an older version, and tags change with the progress too', async () => {
    const read = (await client.get('/hosts/h1')).headers.get('etag') ?? '';
    expect(read).toMatch(/^"1-[0-9a-f]+"$/);
    const first = await client.put('/hosts/h1', { drain: true }, { 'if-match': read });
    expect([first.status, first.headers.get('etag')?.slice(0, 3)]).toEqual([200, '"2-']);
    expect((await client.put('/hosts/h1', { drain: false }, { 'if-match': read })).status).toBe(412);
    const tag = first.headers.get('etag') ?? '';
    expect((await client.get('/hosts/h1', unlessIs(tag))).status).toBe(304);
    await putInstance(api.dataSource, deploy, { host: 'h1' });
    expect((await client.get('/hosts/h1', unlessIs(tag))).status).toBe(200);
    expect((await client.put('/hosts/h1', { drain: false }, { 'if-match': tag })).status).toBe(200);
  });

  it('reach the engine for all that lives on the host, and all that has to be somewhere in its pools', async () => {
    await newApp('elsewhere');
    const other = await putDeploy(api.dataSource, { app: 'elsewhere', environment: 'development' }, 'failed');
    await putInstance(api.dataSource, other, { host: 'h1' });
    await put('h1', { cordoned: true });
    const expected = [deploy, idle, other].map(({ appId, environmentId }) => ({
      kind: 'app_environment',
      appId,
      environmentId,
    }));
    expect(api.world.queue.sent).toEqual(expect.arrayContaining(expected));
    expect(api.world.queue.sent).toHaveLength(3);
    api.world.queue.sent.length = 0;
    await put('h1', { cordoned: false });
    expect(api.world.queue.sent).toHaveLength(3);
    api.world.queue.sent.length = 0;
    await put('h2', { cordoned: false });
    expect(api.world.queue.sent).toHaveLength(2);
  });
});
