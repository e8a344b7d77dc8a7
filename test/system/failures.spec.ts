import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Jockey, type SeenDeploy } from './jockey.js';
import { expectWhole } from './whole.js';

let jockey: Jockey;
let good: SeenDeploy;

beforeAll(async () => {
  jockey = await Jockey.start();
  await jockey.createApp('brave', { health_deadline_seconds: 6 });
  good = await jockey.deploy('brave', 'main');
});
afterAll(() => jockey.stop());

/** What a failed deploy must leave: the old version on its containers, serving, and nothing of the new one. */
async function expectOldServes(): Promise<void> {
  const ids = good.instances.map(({ id }) => id).sort();
  await eventually(
    'only the old is left',
    async () => JSON.stringify(await jockey.containersOf('brave')) === JSON.stringify(ids),
  );
  for (const instance of good.instances) expect(await jockey.page(instance)).toContain('version 1');
  expect((await jockey.registered('brave-web')).map(({ id, passing }) => ({ id, passing }))).toEqual(
    ids.map((id) => ({ id, passing: true })),
  );
}

describe('a deploy that fails leaves the old version serving, and says why', () => {
  it('a Dockerfile that breaks: the step and its last line', async () => {
    const deploy = await jockey.deploy('brave', 'broken-dockerfile');
    expect(deploy).toMatchObject({ state: 'failed', outcome: 'build_failed', instances: [] });
    expect(deploy.failure_reason).toMatch(
      /: step 3 of 3 failed with exit code 2: RUN .+its last lines: cannot find the parts$/,
    );
    const { body } = await jockey.client.get('/builds?app=brave&state=failed');
    const [{ id }] = body.data as unknown as [{ id: string }];
    expect((await jockey.log('builds', id)).at(-1)).toContain('step 3 of 3 failed with exit code 2');
    await expectOldServes();
  });

  it('a failed build may be asked for again', async () => {
    const again = await jockey.client.post('/builds?wait=60', { app: 'brave', ref: 'broken-dockerfile' });
    expect(again.body.data).toMatchObject({ state: 'failed' });
    expect((await jockey.client.get('/builds?app=brave&state=failed')).body.pagination['total_count']).toBe(2);
  });

  it('an app that never gets healthy: at its deadline, with what the check says', async () => {
    const deploy = await jockey.deploy('brave', 'never-healthy');
    expect(deploy).toMatchObject({ state: 'failed', outcome: 'timed_out' });
    expect(deploy.failure_reason).toMatch(/not healthy after 6 s; its check says: .+refused/);
    await expectOldServes();
  });

  it('an app that ends at once: at the first proof, with exit code and last lines', async () => {
    const deploy = await jockey.deploy('brave', 'crash-at-start');
    expect(deploy).toMatchObject({ state: 'failed', outcome: 'reverted', failure: { kind: 'exited', exit_code: 3 } });
    expect(deploy.failure?.last_lines.length).toBeGreaterThan(0);
    await expectOldServes();
  });

  it('a worker that fits nowhere: at once, with every host and its reason', async () => {
    const worker = await jockey.workerId('brave', 'web');
    await jockey.client.put(`/workers/${worker}`, { memory_mb: 1_000_000 });
    const deploy = await jockey.deploy('brave', 'v2');
    await jockey.client.put(`/workers/${worker}`, { memory_mb: 32 });
    expect(deploy).toMatchObject({ state: 'failed', outcome: 'not_placed', instances: [] });
    for (const host of ['h1', 'h2', 'h3']) expect(deploy.failure_reason).toContain(`${host}:`);
    expect(deploy.failure_reason).toContain('1000000');
    await expectOldServes();
  });

  it('an unknown ref: refused with its name, and nothing is written', async () => {
    const before = (await jockey.client.get('/deploys?app=brave')).body.pagination['total_count'];
    const { status, body } = await jockey.client.post('/deploys', {
      app: 'brave',
      environment: 'production',
      rref: 'no-such',
    });
    expect(status).toBe(422);
    expect(body.detail).toContain('"no-such" is neither a branch, nor a tag, nor a commit of jockey/sample');
    expect((await jockey.client.get('/deploys?app=brave')).body.pagination['total_count']).toBe(before);
  });

  it('a registry that is down: a build fails with its push, a built one with its pull, and all works when it is back', async () => {
    await jockey.cluster.stopRegistry();
    const unbuilt = await jockey.deploy('brave', 'slow-start').catch((error: unknown) => error as Error);
    const built = await jockey.deploy('brave', 'v2').finally(() => jockey.cluster.startRegistry());
    expect(unbuilt).toMatchObject({ state: 'failed', outcome: 'build_failed' });
    expect((unbuilt as SeenDeploy).failure_reason).toMatch(
      /the registry .+ does not answer host h\d; host h\d could not push/,
    );
    expect(built).toMatchObject({ state: 'failed', outcome: 'reverted', failure: { kind: 'not_started' } });
    expect(built.failure_reason).toMatch(/could not pull .+connection refused/);
    await expectOldServes();
  });

  it('a host that is switched off in the middle: the deploy fails with its name, and the old serve on', async () => {
    await jockey.client.put(`/workers/${await jockey.workerId('brave', 'web')}`, { health_deadline_seconds: 60 });
    const id = await jockey.begin('brave', 'slow-start');
    await eventually('something was started on h3', async () =>
      (await jockey.seen(id)).instances.some(({ host, state }) => host === 'h3' && state === 'started'),
    );
    await jockey.cluster.stopHost('h3');
    const deploy = await jockey.settled(id);
    expect(deploy.state).toBe('failed');
    expect(deploy.failure_reason).toMatch(/h3/);
    const { instances } = await jockey.seen(good.id);
    const others = instances.filter(({ host, state }) => host !== 'h3' && state === 'healthy');
    expect(new Set(others.map(({ slot }) => slot)).size, 'a slot that had moved is back').toBeGreaterThanOrEqual(2);
    for (const instance of others) expect(await jockey.page(instance)).toContain('version 1');
  });

  it('while a host is off the next deploy goes to the others, and the host is mended when it is back', async () => {
    const deploy = await jockey.deploy('brave', 'v2');
    expect(deploy.state).toBe('deployed');
    expect(new Set(deploy.instances.map(({ host }) => host))).toEqual(new Set(['h1', 'h2']));
    await jockey.cluster.startHost('h3');
    await jockey.client.post('/reconciles', { environment: 'production', app: 'brave' });
    await expectWhole(jockey, { app: 'brave', deploy: deploy.id, seconds: 90 });
    good = deploy;
  });
});

describe('an engine that is killed', () => {
  it('in the middle of a build: the next one begins it again', async () => {
    await jockey.createApp('reborn', { scale: 2 });
    const id = await jockey.begin('reborn', 'main');
    await eventually('the build has begun', async () => (await jockey.seen(id)).state !== 'created');
    await jockey.replaceEngines();
    expect((await jockey.settled(id)).state).toBe('deployed');
  });
});
