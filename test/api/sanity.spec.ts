import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { DeployRow, type InstanceRow, ReconcileRow } from '../../src/store/entities/index.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { putDeploy, putInstance, putThere, seedPlaces } from '../support/world.js';

const PLACE = { app: 'blog', environment: 'production' };

interface Sanity {
  readonly status: string;
  readonly problems: readonly string[];
  readonly stack_status: Readonly<Record<string, boolean>>;
  readonly reconcile_plan: readonly object[];
  readonly stuck_deploys: readonly string[];
  readonly stuck_reconciles: readonly string[];
}

describe('GET /sanity', () => {
  let api: TestApi;
  let deploy: DeployRow;
  let instance: InstanceRow;

  const ask = async () => {
    const { status, body } = await api.client.get('/sanity');
    const data = body.data as Record<string, unknown>;
    return { status, data, production: data['production'] as Sanity, staging: data['staging'] as Sanity };
  };
  const longAgo = (table: string, id: string) =>
    api.dataSource.query(`UPDATE ${table} SET created_at = now() - interval '61 minutes' WHERE id = $1`, [id]);

  beforeAll(async () => {
    api = await TestApi.start();
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'blog', repo: 'jockey/sample', stack: 'api' });
    await api.client.put('/workers/rescale', { ...PLACE, name: 'web', scale: 1 });
    deploy = await putDeploy(api.dataSource, PLACE, 'deployed');
    instance = await putInstance(api.dataSource, deploy, { host: 'h1' });
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    api.world.hosts.failing = null;
    api.world.hosts.pools.clear();
    api.world.docker.containers.clear();
    api.world.docker.silent.clear();
    api.world.docker.hanging.clear();
    api.world.registry.services.clear();
    putThere(api.world, PLACE, [instance]);
    await api.dataSource.query(`UPDATE reconciles SET state = 'completed'`);
    await api.dataSource.query('DELETE FROM leases');
    await api.dataSource.query(
      `INSERT INTO leases (key, holder, reason, token, acquired_at, expires_at)
       VALUES ('app_environment:1:1', 'engine-3', 'reconciling', 1, now(), now() + interval '15 seconds')`,
    );
  });

  it('is 200 when all is as it should be, and names the engines at work', async () => {
    const { status, data } = await ask();
    expect(status).toBe(200);
    const idle = {
      reconcile_plan: [],
      stuck_deploys: [],
      stuck_reconciles: [],
      stack_status: {},
      status: 'OK',
      problems: [],
    };
    expect(data).toEqual({
      development: idle,
      production: { ...idle, stack_status: { api: true } },
      staging: idle,
      stuck_builds: [],
      working_engines: [
        { holder: 'engine-3', works_on: 'app_environment:1:1', since: expect.any(String), until: expect.any(String) },
      ],
      engine_last_seen: expect.any(String),
    });
  });

  it('is 500, with the plan that is due, when a reconcile would have to do something', async () => {
    api.world.docker.containers.clear();
    const { status, production, staging } = await ask();
    expect([status, production.status, staging.status]).toEqual([500, 'NOT OK', 'OK']);
    expect(production.reconcile_plan).toMatchObject([{ action: 'restart', app: 'blog', slot: 1 }]);
    expect(production.problems).toEqual(['blog: a reconcile would do 1 step']);
  });

  it('names what has been in progress for more than an hour', async () => {
    const { environmentId, appId } = deploy;
    const row = api.dataSource.manager.create(ReconcileRow, { environmentId, appId, pending: [appId] });
    const { id } = await api.dataSource.manager.save(row);
    expect((await ask()).status).toBe(200);
    await longAgo('reconciles', id);
    expect((await ask()).production).toMatchObject({ status: 'NOT OK', stuck_reconciles: [id], stuck_deploys: [] });
    await api.dataSource.query(`UPDATE reconciles SET state = 'completed'`);
    const stuck = await putDeploy(api.dataSource, { app: 'blog', environment: 'production' }, 'deploying');
    await longAgo('deploys', stuck.id);
    const { status, production } = await ask();
    expect([status, production.stuck_deploys]).toEqual([500, [stuck.id]]);
    await api.dataSource.manager.update(DeployRow, { id: stuck.id }, { state: 'failed' });
  });

  it('names builds that have been in progress for more than an hour', async () => {
    const id = deploy.buildId ?? '';
    await api.dataSource.query(`UPDATE builds SET state = 'in_progress' WHERE id = $1`, [id]);
    await longAgo('builds', id);
    const { status, data, production } = await ask();
    await api.dataSource.query(`UPDATE builds SET state = 'completed' WHERE id = $1`, [id]);
    expect([status, data['stuck_builds'], production.status]).toEqual([500, [id], 'OK']);
  });

  it('is not sane where a host is lost, or its Docker refuses', async () => {
    const lost = aHost('h2', { healthy: false, unhealthyBecause: 'serfHealth: unreachable' });
    api.world.hosts.pools.set('api/production', [...(api.world.hosts.pools.get('api/production') ?? []), lost]);
    expect((await ask()).production).toMatchObject({
      stack_status: { api: false },
      problems: ['stack api: host h2: serfHealth: unreachable'],
    });
    api.world.docker.silent.add('h1');
    const refused = (await ask()).production;
    expect(refused.problems[0]).toContain('host h1 does not answer: connect ECONNREFUSED');
  });

  it('answers although a host is silent, which gets two seconds', async () => {
    api.world.docker.hanging.add('h1');
    const { status, production } = await ask();
    expect([status, production.stack_status]).toEqual([500, { api: false }]);
    expect(production.problems).toEqual(['stack api: host h1: its Docker did not answer within 2000 ms']);
  });

  it('is not sane where an app needs a stack without hosts; where none does, nothing is missed', async () => {
    api.world.hosts.pools.clear();
    const { production, staging } = await ask();
    expect(production).toMatchObject({ status: 'NOT OK', stack_status: { api: false } });
    expect(production.problems).toContain('stack api has no host in production, and an app needs one');
    expect(staging).toMatchObject({ status: 'OK', stack_status: {} });
  });

  it('says that Consul is silent', async () => {
    api.world.hosts.failing = unavailable('Consul', 'connect ECONNREFUSED');
    const { status, production } = await ask();
    expect([status, production.status, production.stack_status]).toEqual([500, 'NOT OK', { api: false }]);
    expect(production.problems).toEqual(['Consul does not answer: connect ECONNREFUSED']);
  });

  it('asks whether an engine is running where none was seen for long', async () => {
    await api.dataSource.query(`UPDATE leases SET expires_at = now() - interval '6 minutes'`);
    const { status, production, staging, data } = await ask();
    expect([status, staging.status, data['working_engines']]).toEqual([500, 'OK', []]);
    expect(production.problems).toEqual([expect.stringMatching(/^no engine was seen since \d{4}-.*is one running\?$/)]);
    await api.dataSource.query('DELETE FROM leases');
    expect((await ask()).production.problems).toEqual(['no engine was ever seen; is one running?']);
  });

  it('names an instance whose check fails', async () => {
    const entries = [...api.world.registry.services].map(
      ([service, list]) => [service, list.map((each) => ({ ...each, check: 'critical' as const }))] as const,
    );
    for (const [service, list] of entries) api.world.registry.services.set(service, list);
    expect((await ask()).production.problems).toEqual([`blog: the check of ${instance.containerName} fails`]);
  });

  it('needs the token', async () => {
    expect((await new ApiClient(api.url, null).get('/sanity')).status).toBe(401);
  });
});
