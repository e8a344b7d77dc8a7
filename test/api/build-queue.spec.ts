import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../src/domain/host/host.js';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { DeployRow } from '../../src/store/entities/index.js';
import { Leases } from '../../src/store/leases.js';
import { BuildProgress } from '../../src/store/repositories/build-progress.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { clientWith } from '../support/tokens.js';
import { putDeploy, seedPlaces, shaOf } from '../support/world.js';

const hostNamed = (name: string): Host => ({
  ...{ name, address: '10.0.0.1', dockerUrl: 'http://10.0.0.1:2375', machine: null, agentUrl: 'http://10.0.0.1:8500' },
  ...{ healthy: true, unhealthyBecause: null, capacity: null },
});

describe('the queue of builds', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;

  beforeAll(async () => {
    api = await TestApi.start({ environment: { BUILDS_PER_HOST: '1', BUILDS_AT_ONCE: '2' } });
    client = api.client;
    await seedPlaces(api.dataSource);
    api.world.hosts.pools.set('build/production', ['b1', 'b2'].map(hostNamed));
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    await api.dataSource.query('TRUNCATE deploys, builds, leases, log_lines CASCADE');
    api.world.queue.sent.length = 0;
    app = await newApp();
  });

  const newApp = async (): Promise<string> => {
    count += 1;
    const name = `queue-${count}`;
    await client.post('/apps', { name, repo: `jockey/${name}`, stack: 'api' });
    return name;
  };

  const ask = async (of = app): Promise<string> => {
    api.world.source.commits.set('main', shaOf((count += 1)));
    return (await client.post('/builds', { app: of, ref: 'main' })).body.data.id;
  };

  const queue = async (as = client) => (await as.get('/builds/queue')).body.data;

  /** As an engine does that takes it. */
  const begin = async (id: string, host: string): Promise<void> => {
    const leases = new Leases(api.dataSource);
    await leases.take({ key: `build:${id}`, holder: 'an engine', reason: 'building', milliseconds: 60_000 });
    await api.dataSource.query(
      `UPDATE builds SET phase = 'building', container_host = $2, started_at = now() WHERE id = $1`,
      [id, host],
    );
  };

  const cancel = (id: string, body: object = {}) => client.post(`/builds/${id}/cancel`, body);

  it('says what runs, what waits, where and why', async () => {
    const other = await newApp();
    const [first, second, third] = [await ask(), await ask(), await ask(other)];
    await begin(first, 'b1');
    const shown = await queue();
    expect(shown).toMatchObject({ length: 2, running_count: 1, most_at_once: 2, asked_per_hour: 3, begun_per_hour: 1 });
    expect(shown.running).toEqual([
      expect.objectContaining({ id: first, app, ref: 'main', host: 'b1', phase: 'building' }),
    ]);
    expect(shown.waiting).toEqual([
      expect.objectContaining({
        id: third,
        app: other,
        position: 1,
        why: 'its turn has come: an engine takes it next',
      }),
      expect.objectContaining({
        ...{ id: second, app, position: 2 },
        why: '2 builds run, and BUILDS_AT_ONCE lets no more than 2 run at once',
      }),
    ]);
    expect(shown.hosts).toEqual([
      { name: 'b1', running: 1, most: 1, why_not: null },
      { name: 'b2', running: 0, most: 1, why_not: null },
    ]);
  });

  it('counts a build of a dead engine as one that waits', async () => {
    const id = await ask();
    await begin(id, 'b1');
    await api.dataSource.query(`UPDATE leases SET expires_at = now() - interval '1 second'`);
    expect(await queue()).toMatchObject({ length: 1, running_count: 0 });
  });

  it('tells how long builds waited, and how many moved', async () => {
    for (const seconds of [1, 2, 100]) {
      const id = await ask();
      await api.dataSource.query(
        `UPDATE builds SET created_at = now() - interval '10 minutes',
           started_at = now() - interval '10 minutes' + $2 * interval '1 second' WHERE id = $1`,
        [id, seconds],
      );
      await new BuildProgress(api.dataSource).fail(id, 'no');
    }
    const old = await ask();
    await api.dataSource.query(
      `UPDATE builds SET created_at = now() - interval '3 days', started_at = now() - interval '2 days',
         completed_at = now() - interval '2 days', state = 'failed', phase = 'settled' WHERE id = $1`,
      [old],
    );
    expect(await queue()).toMatchObject({
      ...{ length: 0, wait_seconds_p50: 2, wait_seconds_p95: 90.2 },
      ...{ asked_per_hour: 3, begun_per_hour: 3, settled_per_hour: 3 },
    });
  });

  it('names nothing that the caller may not see, and counts it', async () => {
    const seen = await newApp();
    const [hidden, shown] = [await ask(), await ask(seen)];
    await begin(hidden, 'b1');
    const stranger = await clientWith(api, { verbs: ['read'], apps: [seen] });
    const { running, waiting, ...numbers } = await queue(stranger);
    expect([running, (waiting as { id: string }[]).map(({ id }) => id)]).toEqual([[], [shown]]);
    expect(numbers).toMatchObject({ length: 1, running_count: 1 });
  });

  it('waits for Consul while it is away, and says so', async () => {
    const id = await ask();
    api.world.hosts.failing = unavailable('Consul', 'connect ECONNREFUSED');
    const { waiting, hosts } = await queue();
    api.world.hosts.failing = null;
    expect(hosts).toEqual([]);
    expect(waiting).toEqual([expect.objectContaining({ id, why: expect.stringContaining('Consul') })]);
  });

  it('lets a build go that waits, at once, and tells its log, its event and the deploys that wait for it', async () => {
    const id = await ask();
    const deploy = await putDeploy(api.dataSource, { app, environment: 'production' }, 'building');
    await api.dataSource.manager.update(DeployRow, { id: deploy.id }, { buildId: id });
    api.world.queue.sent.length = 0;
    const { status, body } = await cancel(id, { reason: 'wrong branch' });
    expect([status, body.data.state, body.data.failure_reason]).toEqual([202, 'failed', 'canceled: wrong branch']);
    const [row] = await api.dataSource.query(`SELECT phase, outcome, completed_at FROM builds WHERE id = $1`, [id]);
    expect(row).toMatchObject({ phase: 'settled', outcome: 'canceled', completed_at: expect.any(Date) });
    expect(api.world.queue.sent).toEqual(
      expect.arrayContaining([
        { kind: 'build', buildId: id },
        expect.objectContaining({ kind: 'app_environment', appId: (body.data.app as { id: string }).id }),
      ]),
    );
    const lines = (await client.get(`/builds/${id}/logs`)).text;
    expect(lines).toContain('failed: canceled: wrong branch');
    const events = await api.dataSource.query(`SELECT kind FROM events WHERE subject = 'build' AND subject_id = $1`, [
      id,
    ]);
    expect(events.map(({ kind }: { kind: string }) => kind)).toEqual(['build.started', 'build.failed']);
    const again = await client.post('/builds', { app, ref: 'main' });
    expect([again.status, again.body.data.id === id]).toEqual([202, false]);
  });

  it('asks the engine to end one that runs, once, however often it is asked', async () => {
    const id = await ask();
    await begin(id, 'b1');
    const [one, other] = await Promise.all([cancel(id, { reason: 'first' }), cancel(id, { reason: 'first' })]);
    expect([one.status, other.status, one.body.data.state]).toEqual([202, 202, 'in_progress']);
    expect((await cancel(id, { reason: 'later' })).status).toBe(202);
    const [row] = await api.dataSource.query(`SELECT cancel_reason AS reason FROM builds WHERE id = $1`, [id]);
    expect(row.reason).toBe('first');
    const lines = (await client.get(`/builds/${id}/logs`)).text;
    expect(lines.match(/cancel was asked for/g)).toHaveLength(1);
    await new BuildProgress(api.dataSource).fail(id, 'canceled: first', 'canceled');
    expect((await cancel(id)).status).toBe(202);
  });

  it('cancels nothing that has settled, that is not there, or for a reason that is none', async () => {
    const id = await ask();
    await new BuildProgress(api.dataSource).complete(id, 'image');
    const settled = await cancel(id);
    expect(settled.status).toBe(409);
    expect(settled.body.detail).toBe(`Build ${id} has settled (completed): there is nothing to cancel.`);
    expect((await cancel('999999')).status).toBe(404);
    expect((await cancel('none')).status).toBe(404);
    expect((await cancel(id, { reason: 'two\nlines' })).status).toBe(422);
    expect((await cancel(id, { reason: 'x'.repeat(301) })).status).toBe(422);
  });

  it('needs the right to build where it cancels', async () => {
    const id = await ask();
    const reader = await clientWith(api, { verbs: ['read'], apps: [app] });
    expect((await reader.post(`/builds/${id}/cancel`, {})).status).toBe(403);
  });
});
