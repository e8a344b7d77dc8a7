import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  AppRow,
  BuildRow,
  DeployRow,
  HoldRow,
  HostPoolRow,
  InstanceRow,
  LeaseRow,
} from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { putDeploy, putInstance, seedPlaces } from '../support/world.js';

interface Step {
  readonly step: string;
  readonly state: string;
  readonly sentence: string;
  readonly since: string | null;
  readonly until: string | null;
  readonly instances: readonly { readonly instance: string; readonly waits_for: string }[];
}

describe('GET /deploys/:id/explain', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let count = 0;

  const place = () => ({ app, environment: 'production' });
  const put = (state: DeployRow['state']) => putDeploy(api.dataSource, place(), state);
  const change = (deploy: DeployRow, patch: Partial<DeployRow>) =>
    api.dataSource.manager.update(DeployRow, { id: deploy.id }, patch as object);
  const explain = async (deploy: DeployRow) => {
    const { status, body } = await client.get(`/deploys/${deploy.id}/explain`);
    expect(status).toBe(200);
    const steps = body.data['steps'] as readonly Step[];
    return {
      answer: body.data['answer'] as string,
      steps,
      of: (step: string) => steps.find((each) => each.step === step),
    };
  };
  const putLease = (key: string, until: string) =>
    api.dataSource.query(
      `INSERT INTO leases (key, holder, reason, token, acquired_at, expires_at)
       VALUES ($1, 'engine-7', 'rolling out', 1, now() - interval '1 minute', now() + $2::interval)`,
      [key, until],
    );

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
    api.world.registry.failing = null;
  });

  it('names the engine that holds the lease, since when and until when', async () => {
    const deploy = await put('deploying');
    await putLease(`app_environment:${deploy.appId}:${deploy.environmentId}`, '10 seconds');
    const { of, answer } = await explain(deploy);
    expect(of('engine')).toMatchObject({ state: 'done', since: expect.any(String), until: expect.any(String) });
    expect(of('engine')?.sentence).toMatch(/^Engine engine-7 works on app-1 in production since \d{4}-/);
    expect(answer).toContain(`Deploy ${deploy.id} of ${app} to production is in progress (deploying)`);
  });

  it('says what one waits for that found no place, until when, and what its pool does about it', async () => {
    const deploy = await put('created');
    const { stackId } = await api.dataSource.manager.findOneByOrFail(AppRow, { id: deploy.appId });
    const pool = { stackId, environmentId: deploy.environmentId, kind: 'auto_scaling_group' as const };
    const size = { region: 'eu-central-1', groupName: 'api', desiredHosts: 3, maxHosts: 4, waitForRoomSeconds: 600 };
    const { manager } = api.dataSource;
    const { id } = await manager.save(
      manager.create(HostPoolRow, { ...pool, ...size, trouble: 'No machine is free.' }),
    );
    const each = { memoryMb: 512, cpus: 1 };
    const roomWanted = [{ workerId: '1', worker: 'web', each, count: 2, needsTcpDocker: false }];
    await change(deploy, { roomWanted, roomWantedSince: new Date('2026-11-21T04:00:00Z') });
    const { of, answer } = await explain(deploy);
    expect(of('placement')).toMatchObject({ state: 'blocked', until: '2026-11-21T04:10:00.000Z' });
    expect(answer).toContain('room for 2 of web (512 MB and 1 CPU each)');
    expect(answer).toContain(`Host pool ${id} is to have 3 hosts, at most 4: No machine is free.`);
    const { body } = await client.get(`/deploys/${deploy.id}`);
    expect(body.data['waits_for_room']).toEqual({
      since: '2026-11-21T04:00:00.000Z',
      room: [{ worker: 'web', count: 2, memory_mb: 512, cpus: 1 }],
    });
    await manager.update(HostPoolRow, { id }, { deletedAt: new Date() });
    expect((await explain(deploy)).answer).not.toContain('Host pool');
  });

  it.each([
    ['none ever did', null],
    ['one died', '-20 seconds'],
  ])('says that nobody works on it where %s', async (_what, until) => {
    const deploy = await put('created');
    if (until !== null) await putLease(`app_environment:${deploy.appId}:${deploy.environmentId}`, until);
    const { answer, of } = await explain(deploy);
    expect(answer).toMatch(/no engine works on it since \d{4}-.*is one running\?/);
    expect(of('engine')?.state).toBe('blocked');
  });

  it('says for which build it waits, and who makes it', async () => {
    const deploy = await put('building');
    const { manager } = api.dataSource;
    await manager.update(BuildRow, { id: deploy.buildId ?? '' }, { state: 'in_progress', containerHost: 'b1' });
    expect((await explain(deploy)).answer).toContain(`build ${deploy.buildId} of 000000000000 waits since`);
    await putLease(`build:${deploy.buildId}`, '10 seconds');
    expect((await explain(deploy)).answer).toContain(`is made on host b1 by engine engine-7`);
    expect(await manager.countBy(LeaseRow, { key: `build:${deploy.buildId}` })).toBe(1);
  });

  it('names the deploy that it waits behind', async () => {
    const first = await put('deploying');
    const second = api.dataSource.manager.create(DeployRow, { ...first, state: 'created', queued: true });
    delete (second as Partial<DeployRow>).id;
    const { answer } = await explain(await api.dataSource.manager.save(second));
    expect(answer).toContain(`it waits for deploy ${first.id}, which is in progress (deploying) since`);
  });

  it('names the hold that keeps an automatic one out', async () => {
    const deploy = await put('created');
    await change(deploy, { automatic: true });
    const { appId, environmentId } = deploy;
    await api.dataSource.manager.insert(HoldRow, { appId, environmentId, reason: 'v3 was brought back' });
    expect((await explain(deploy)).answer).toContain(`v3 was brought back; DELETE /apps/${app}/hold`);
  });

  it('tells of each instance what its check says, and of the others which wave they wait for', async () => {
    const deploy = await put('deploying');
    await putLease(`app_environment:${deploy.appId}:${deploy.environmentId}`, '10 seconds');
    const one = await putInstance(api.dataSource, deploy, { host: 'h1', slot: 1 });
    const two = await putInstance(api.dataSource, deploy, { host: 'h2', slot: 2 });
    const { manager } = api.dataSource;
    await manager.update(InstanceRow, { id: one.id }, { state: 'started', startedAt: new Date() });
    await manager.update(InstanceRow, { id: two.id }, { state: 'planned', wave: 1 });
    const entry = { id: one.containerName, service: `${app}-web`, node: 'h1', address: '10.0.0.1', port: 1 };
    const check = { check: 'critical' as const, checkOutput: 'HTTP GET http://10.0.0.1/: 503', tags: [], meta: {} };
    api.world.registry.services.set(`${app}-web`, [{ ...entry, ...check }]);
    const { of, answer } = await explain(deploy);
    expect(of('placement')?.sentence).toBe('2 places are reserved: 1 on h1, 1 on h2.');
    expect(of('worker')?.instances.map(({ waits_for }) => waits_for)).toEqual([
      expect.stringContaining('its check says: HTTP GET http://10.0.0.1/: 503'),
      'it waits for its wave: web 1 first',
    ]);
    expect(answer).toContain('web: 0 of 2 new instances are healthy, in wave 1 of 2');
  });

  it('answers without Consul, and says so', async () => {
    const deploy = await put('deploying');
    const one = await putInstance(api.dataSource, deploy, { host: 'h1' });
    await api.dataSource.manager.update(InstanceRow, { id: one.id }, { state: 'started', startedAt: new Date() });
    api.world.registry.failing = new Error('Consul does not answer: connect ECONNREFUSED');
    expect((await explain(deploy)).of('worker')?.sentence).toContain('is not known: Consul does not answer');
  });

  it('says why it is paused and how it goes on', async () => {
    const deploy = await put('deploying');
    await change(deploy, { pausedAt: new Date(), pausedBecause: '2 new instances of web failed' });
    const { answer } = await explain(deploy);
    expect(answer).toContain(`2 new instances of web failed; POST /deploys/${deploy.id}/continue`);
  });

  it('repeats every reason of every host where there was no room', async () => {
    const deploy = await put('failed');
    const failureReason = 'worker web slot 1 cannot be placed: 0 of 1 hosts fit: h1: needs 512 MB';
    await change(deploy, { outcome: 'not_placed', failureReason, completedAt: new Date() });
    const { answer, of } = await explain(deploy);
    expect([answer, of('placement')?.sentence]).toEqual([
      expect.stringContaining(failureReason),
      expect.stringContaining(failureReason),
    ]);
  });

  it('is plain of one that is there', async () => {
    const deploy = await put('deployed');
    await putInstance(api.dataSource, deploy, { host: 'h1' });
    const { answer, steps } = await explain(deploy);
    expect(answer).toContain(`Deploy ${deploy.id} of ${app} to production is where it was asked for`);
    expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'asked done',
      'build done',
      'placement done',
      'worker done',
      'end done',
    ]);
  });

  it.each(['999999', 'x', '1e3', '-1'])('has nothing to say of deploy %s', async (id) => {
    expect((await client.get(`/deploys/${id}/explain`)).status).toBe(404);
  });
});
