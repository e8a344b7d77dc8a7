import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import {
  ConfigVersionRow,
  DeployRow,
  EnvironmentRow,
  HostRow,
  InstanceRow,
  WorkerRow,
} from '../../src/store/entities/index.js';
import type { ApiClient, Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { putDeploy, putInstance, putThere, seedPlaces, shaOf } from '../support/world.js';

interface Plan {
  readonly would_change: boolean;
  readonly answer: string;
  readonly steps: readonly { action: string; slot: number; from: string | null; to: string | null; round: number }[];
  readonly unplaced: readonly { slot: number; reasons: readonly { host: string; reason: string }[] }[];
  readonly hosts: readonly {
    host: string;
    is_new: boolean;
    before: Occupation;
    peak: Occupation;
    after: Occupation;
  }[];
  readonly next_deploy: { variables: readonly string[]; workers: readonly string[] } | null;
  readonly notes: readonly string[];
}

interface Occupation {
  readonly instances: number;
  readonly left: { memory_mb: number; cpus: number } | null;
}

describe('POST /plans', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let environment: string;
  let deploy: DeployRow;
  let count = 0;

  const place = () => ({ app, environment });
  const host = (number: number) => `h${number}-${count}`;
  const ask = (change: object, body: object = place()) => client.post('/plans', { ...body, change });
  const plan = async (change: object, body: object = place()): Promise<Plan> => {
    const reply = await ask(change, body);
    expect(reply.status, reply.text).toBe(200);
    return reply.body.data as unknown as Plan;
  };
  const told = ({ steps }: Plan) =>
    steps.map(({ action, slot, from, to }) => `${action} ${slot} ${from ?? '-'} ${to ?? '-'}`);
  const fields = ({ status, body }: Reply) => [status, body.errors.map(({ field }) => field)];

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  afterEach(() => {
    api.world.hosts.failing = null;
    api.world.registry.failing = null;
  });
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    environment = `place-${count}`;
    await api.dataSource.manager.insert(EnvironmentRow, { name: environment });
    await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' });
    const sizes = { memory_mb: 256, cpus: 0.1 };
    await client.post('/workers', { ...place(), name: 'web', command: '/start web', scale: 2, ...sizes });
    deploy = await putDeploy(api.dataSource, place(), 'deployed');
    const instances = [
      await putInstance(api.dataSource, deploy, { host: host(1), slot: 1 }),
      await putInstance(api.dataSource, deploy, { host: host(2), slot: 2 }),
    ];
    putThere(api.world, place(), instances);
    const pool = `api/${environment}`;
    api.world.hosts.pools.set(pool, [...(api.world.hosts.pools.get(pool) ?? []), aHost(host(3))]);
  });

  it('says where more instances would go, and what would be left of each host', async () => {
    const seen = await plan({ kind: 'scale', worker: 'web', scale: 3 });
    expect(seen).toMatchObject({ would_change: true, answer: '1 instance would be started.', unplaced: [], notes: [] });
    expect(told(seen)).toEqual([`start 3 - ${host(3)}`]);
    expect(seen.hosts.map(({ before, after }) => [before.instances, after.instances])).toEqual([
      [1, 1],
      [1, 1],
      [0, 1],
    ]);
    expect(seen.hosts[2]?.after.left).toEqual({ memory_mb: 4096 - 256, cpus: 1.9 });
  });

  it('changes nothing, and reserves nothing', async () => {
    const before = await api.dataSource.manager.find(InstanceRow, { order: { id: 'ASC' } });
    api.world.queue.sent.length = 0;
    for (const scale of [0, 5]) await plan({ kind: 'scale', worker: 'web', scale });
    await plan({ kind: 'lose_host', host: host(1) });
    await plan({ kind: 'deploy' });
    expect(await api.dataSource.manager.find(InstanceRow, { order: { id: 'ASC' } })).toEqual(before);
    expect(await api.dataSource.manager.countBy(DeployRow, { appId: deploy.appId })).toBe(1);
    expect(api.world.queue.sent).toEqual([]);
  });

  it('says that nothing would change', async () => {
    const seen = await plan({ kind: 'scale', worker: 'web', scale: 2 });
    expect(seen).toMatchObject({ would_change: false, answer: 'Nothing would change.', steps: [] });
  });

  it('says of each slot without a place why every host refuses it', async () => {
    await api.dataSource.manager.upsert(HostRow, { name: host(3), cordoned: true, reason: 'old' }, ['name']);
    const seen = await plan({ kind: 'scale', worker: 'web', scale: 40 });
    const [first] = seen.unplaced;
    expect(first?.reasons.map((each) => each.host)).toEqual([host(1), host(2), host(3)]);
    expect(first?.reasons.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('needs 256 MB'),
      expect.stringContaining('needs 256 MB'),
      'cordoned: old',
    ]);
    expect(seen.unplaced).toHaveLength(40 - seen.steps.length - 2);
    expect(seen.answer).toMatch(/^30 instances would be started, 8 instances would find no place\.$/);
  });

  it('says what a lost host would cost', async () => {
    const seen = await plan({ kind: 'lose_host', host: host(1) }, { environment });
    expect(told(seen)).toEqual([`move 1 ${host(1)} ${host(3)}`]);
    expect(seen.hosts.map(({ after }) => after.instances)).toEqual([0, 1, 1]);
    expect(seen.notes[0]).toContain(`1 of its apps have something on ${host(1)}`);
  });

  it('says what new hosts would bring', async () => {
    await api.dataSource.manager.update(WorkerRow, { appId: deploy.appId, name: 'web' }, { scale: 60 });
    const change = { kind: 'add_hosts', count: 2, memory_mb: 8192, cpus: 4, stack: 'api' };
    const seen = await plan(change, { environment });
    expect(seen.unplaced).toEqual([]);
    expect(seen.hosts.filter((each) => each.is_new).map((each) => each.host)).toEqual(['new-1', 'new-2']);
    expect(seen.hosts.every(({ after }) => after.instances > 0)).toBe(true);
    expect(seen.notes).toEqual([`Of ${app}, 58 steps are due anyway, without this change.`]);
    const elsewhere = await plan({ ...change, stack: 'build' }, { environment });
    expect(elsewhere.unplaced.length).toBeGreaterThan(0);
  });

  it('says what a deploy would exchange, wave by wave, and how much more would stand there meanwhile', async () => {
    const seen = await plan({ kind: 'deploy' });
    expect(seen.steps.map(({ round, action, slot }) => `${round} ${action} ${slot}`)).toEqual(['1 move 1', '2 move 2']);
    const sum = (of: 'before' | 'peak' | 'after') => seen.hosts.reduce((all, each) => all + each[of].instances, 0);
    expect([sum('before'), sum('after')]).toEqual([2, 2]);
    expect(sum('peak')).toBeGreaterThan(2);
    expect(seen.notes[0]).toContain('again, which is current');
  });

  it('says of a commit whether it is built, and of one that is not there nothing', async () => {
    api.world.source.commits.set('main', shaOf(1)).set('next', shaOf(99));
    expect((await plan({ kind: 'deploy', rref: 'main' })).notes[0]).toContain(`by build ${deploy.buildId}`);
    expect((await plan({ kind: 'deploy', rref: 'next' })).notes[0]).toContain('is not built yet');
    const unknown = await ask({ kind: 'deploy', rref: 'nowhere' });
    expect([unknown.status, unknown.body.detail]).toEqual([422, expect.stringContaining('no ref "nowhere"')]);
    expect((await ask({ kind: 'deploy', release: 'v7' })).status).toBe(422);
    expect(fields(await ask({ kind: 'deploy', release: 'v7', rref: 'main' }))).toEqual([422, ['change.release']]);
  });

  it('says that a deploy would find no place, and that nothing would be moved', async () => {
    await api.dataSource.manager.update(WorkerRow, { appId: deploy.appId, name: 'web' }, { memoryMb: 10_000 });
    const seen = await plan({ kind: 'deploy' });
    expect([seen.would_change, seen.steps, seen.unplaced.length]).toEqual([false, [], 2]);
    expect(seen.notes).toContain('The deploy would end as not_placed, and nothing would be moved.');
  });

  it('says that variables wait for the next deploy, by name alone', async () => {
    const set = await client.post('/config_sets', { ...place(), config: { A: '1' } });
    const version = await api.dataSource.manager.findOneByOrFail(ConfigVersionRow, { configSetId: set.body.data.id });
    await api.dataSource.manager.update(DeployRow, { id: deploy.id }, { configVersionId: version.id });
    const reply = await ask({ kind: 'config', config: { B: 'do-not-show', A: '1' } });
    const seen = reply.body.data as unknown as Plan;
    expect(seen).toMatchObject({ would_change: false, next_deploy: { variables: ['B'], workers: ['web'] } });
    expect(seen.answer).toBe('Nothing would change now: the next deploy brings them, and exchanges 2 instances.');
    expect(reply.text).not.toContain('do-not-show');
    expect((await plan({ kind: 'config', config: { A: '1' } })).next_deploy).toEqual({ variables: [], workers: [] });
    expect(fields(await ask({ kind: 'config', config: { '1A': 'x' } }))).toEqual([422, ['change.config.1A']]);
  });

  it('leaves an app out whose deploy is in progress, and says so', async () => {
    const rollout = await putDeploy(api.dataSource, place(), 'deploying');
    const seen = await plan({ kind: 'scale', worker: 'web', scale: 5 });
    expect([seen.steps, seen.notes]).toEqual([
      [],
      [`Deploy ${rollout.id} of ${app} is in progress and decides until it ends.`],
    ]);
  });

  it('reads forms, where all is text', async () => {
    const body = `app=${app}&environment=${environment}&change[kind]=scale&change[worker]=web&change[scale]=3`;
    const { status, body: answer } = await client.form('POST', '/plans', body);
    expect([status, answer.data['answer']]).toEqual([200, '1 instance would be started.']);
  });

  it('cannot be made without Consul', async () => {
    api.world.hosts.failing = unavailable('Consul', 'connect ECONNREFUSED');
    const { status, body } = await ask({ kind: 'scale', worker: 'web', scale: 3 });
    expect([status, body.detail]).toEqual([503, 'Consul does not answer: connect ECONNREFUSED']);
  });

  const HOSTS = { kind: 'add_hosts', count: 1, memory_mb: 1024, cpus: 1, stack: 'api' };
  it.each([
    [{ kind: 'burn' }, ['change.kind']],
    [{}, ['change.kind']],
    [{ kind: 7 }, ['change.kind']],
    [{ kind: 'scale', worker: 'web', scale: -1 }, ['change.scale']],
    [{ kind: 'scale', worker: 'web', scale: 1_000_000 }, ['change.scale']],
    [{ kind: 'scale', worker: 'web', scale: '3' }, ['change.scale']],
    [{ kind: 'scale', scale: 3 }, ['change.worker']],
    [{ kind: 'scale', worker: 'web', scale: 3, force: true }, ['change.force']],
    [{ ...HOSTS, count: 0 }, ['change.count']],
    [{ ...HOSTS, count: 1e9 }, ['change.count']],
    [{ ...HOSTS, count: 1.5 }, ['change.count']],
    [{ ...HOSTS, memory_mb: -4, cpus: 0 }, ['change.memory_mb', 'change.cpus']],
    [{ kind: 'config', config: 'A=1' }, ['change.config']],
    [{ kind: 'lose_host' }, ['change.host']],
    [{ kind: 'deploy', release: 'soon' }, ['change.release']],
  ])('refuses %j', async (change, names) => expect(fields(await ask(change))).toEqual([422, names]));

  it.each([['scale'], [3], [null], [[]], [true]])('refuses %j for a change', async (change: unknown) => {
    expect(fields(await client.post('/plans', { ...place(), change }))).toEqual([422, ['change']]);
  });

  it('refuses a change of an app without one, or of two', async () => {
    expect(fields(await ask({ kind: 'scale', worker: 'web', scale: 1 }, { environment }))).toEqual([422, ['app']]);
    const other = { kind: 'scale', worker: 'web', scale: 1, app: 'another' };
    expect(fields(await ask(other))).toEqual([422, ['change.app']]);
    expect((await ask({ kind: 'scale', worker: 'web', scale: 3, app }, { environment })).status).toBe(200);
  });

  it.each([
    [{ kind: 'scale', worker: 'nobody', scale: 3 }, {}],
    [{ kind: 'lose_host', host: 'h99' }, {}],
    [{ ...HOSTS, stack: 'nowhere' }, {}],
    [{ kind: 'deploy' }, { app: 'nobody' }],
    [{ kind: 'deploy' }, { environment: 'nowhere' }],
  ])('knows nothing of %j with %j', async (change, patch) => {
    expect((await ask(change, { ...place(), ...patch })).status).toBe(404);
  });
});
