import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Jockey, type SeenDeploy } from './jockey.js';
import { expectWhole } from './whole.js';

const APP = 'steady';

let jockey: Jockey;
/** The deploy that serves now. */
let serving: string;

beforeAll(async () => {
  jockey = await Jockey.start();
  await jockey.createApp(APP, { health_deadline_seconds: 60, parallelism: 3 });
  const [first] = await Promise.all([jockey.deploy(APP, 'main'), built('slow-start'), built('v2')]);
  expect(first.state).toBe('deployed');
  serving = first.id;
});
afterAll(() => jockey.stop());

/** An image of this branch in the registry; only the host that made it has it too. */
async function built(ref: string): Promise<void> {
  const { body } = await jockey.client.post('/builds?wait=60', { app: APP, ref });
  expect(body.data).toMatchObject({ state: 'completed' });
}

async function setWeb(fields: Readonly<Record<string, unknown>>): Promise<void> {
  const { status, text } = await jockey.client.put(`/workers/${await jockey.workerId(APP, 'web')}`, fields);
  expect(status, text).toBe(200);
}

/** Begins a deploy of a version that takes five seconds to listen, and answers when some of it was started. */
async function begun(): Promise<{ id: string; host: string }> {
  const id = await jockey.begin(APP, 'slow-start');
  return eventually(`something of deploy ${id} was started`, async () => {
    const started = (await jockey.seen(id)).instances.find(({ state }) => state === 'started');
    return started === undefined ? false : { id, host: started.host };
  });
}

/** What must be at the end of each: the new version alone, or the old version alone; each in every slot once. */
async function expectOneVersion(id: string): Promise<SeenDeploy> {
  const deploy = await jockey.settled(id);
  expect(['deployed', 'failed']).toContain(deploy.state);
  if (deploy.state === 'failed') expect(deploy.failure_reason).toMatch(/\w/);
  if (deploy.state === 'deployed') serving = id;
  await expectWhole(jockey, { app: APP, deploy: serving });
  for (const instance of (await jockey.seen(serving)).instances)
    expect(await jockey.page(instance)).toMatch(/version \d/);
  return deploy;
}

/** Takes something away for as long as `meanwhile` takes, and gives it back whatever comes of that. */
async function without<T>(take: () => Promise<void>, giveBack: () => Promise<void>, meanwhile: () => Promise<T>) {
  await take();
  try {
    return await meanwhile();
  } finally {
    await giveBack();
  }
}

describe('a part that fails in the middle of a deploy', () => {
  it('Redis is emptied: the deploy ends, and the next one is begun at once', async () => {
    const { id } = await begun();
    await jockey.cluster.flushRedis();
    expect((await expectOneVersion(id)).state).toBe('deployed');
    const next = await jockey.begin(APP, 'main');
    await eventually('the next one is begun', async () => (await jockey.seen(next)).state !== 'created');
    expect((await expectOneVersion(next)).state).toBe('deployed');
  });

  it('Redis is gone: the deploy ends without it, an engine that begins then goes on, and the API says so', async () => {
    const { id } = await begun();
    await without(
      () => jockey.cluster.stopRedis(),
      () => jockey.cluster.startRedis(),
      async () => {
        await jockey.replaceEngines();
        await eventually('the API says that it is degraded', async () =>
          (await jockey.client.get('/readyz')).text.includes('degraded'),
        );
        expect((await jockey.settled(id)).state).toBe('deployed');
      },
    );
    await expectOneVersion(id);
  });

  it('Postgres is restarted: the API says that it is away, and the deploy goes on when it is back', async () => {
    const { id } = await begun();
    await jockey.cluster.restartPostgres(async () => {
      await eventually('the API says that it is away', async () => (await jockey.client.get('/apps')).status === 503);
    });
    await eventually('the API answers again', async () => (await jockey.client.get('/apps')).status === 200);
    expect((await expectOneVersion(id)).state).toBe('deployed');
  });

  it('Consul has no leader until the new version listens: nothing is concluded from its silence', async () => {
    const { id } = await begun();
    await without(
      () => jockey.cluster.stopConsul(),
      () => jockey.cluster.startConsul(),
      () =>
        eventually('something new listens', async () => {
          const { instances } = await jockey.seen(id);
          const pages = instances.map((each) => jockey.page(each).catch(() => ''));
          return (await Promise.all(pages)).some((page) => page.includes('version 1'));
        }),
    );
    await expectOneVersion(id);
  });

  it('a host is cut off: the old version serves on the others, and the host is cleared when it is back', async () => {
    const { id, host } = await begun();
    await without(
      () => jockey.cluster.cutHost(host),
      () => jockey.cluster.joinHost(host),
      async () => {
        const deploy = await jockey.settled(id);
        const serve = deploy.state === 'deployed' ? deploy : await jockey.seen(serving);
        for (const instance of serve.instances.filter((each) => each.host !== host))
          expect(await jockey.page(instance)).toContain('version 1');
      },
    );
    await expectOneVersion(id);
  });

  it('the registry hangs: the deploy ends at its deadline with the old version, and works when it answers again', async () => {
    await setWeb({ health_deadline_seconds: 8, progress_deadline_seconds: 10 });
    const id = await jockey.begin(APP, 'v2');
    await without(
      () => jockey.cluster.hangRegistry(),
      () => jockey.cluster.wakeRegistry(),
      async () => expect((await jockey.settled(id)).state).toBe('failed'),
    );
    await expectOneVersion(id);
    await setWeb({ health_deadline_seconds: 60, progress_deadline_seconds: 600 });
  });
});

describe('processes of Jockey that die', () => {
  it('the engine, again and again, at moments of chance: the last one ends the deploy', async () => {
    const id = await jockey.begin(APP, 'slow-start');
    for (let kill = 1; kill <= 2; kill += 1) {
      const lines = (await jockey.log('deploys', id)).length + randomInt(1, 4);
      await eventually(`the log of deploy ${id} has ${lines} lines, or its end`, async () => {
        const log = await jockey.log('deploys', id);
        return log.length >= lines || !['created', 'building', 'deploying'].includes((await jockey.seen(id)).state);
      });
      await jockey.replaceEngines();
    }
    expect((await expectOneVersion(id)).state).toBe('deployed');
  });

  it('the API in the middle: the deploy ends, and the API is back with what it was asked', async () => {
    const { id } = await begun();
    await jockey.killApi();
    await jockey.startApi();
    expect((await expectOneVersion(id)).state).toBe('deployed');
  });

  it('one of two engines that both work at once: the other takes over, and no slot is filled twice', async () => {
    // Here what the dead one held runs out by itself.
    jockey.startEngine();
    const { id } = await begun();
    await jockey.killEngine();
    expect((await expectOneVersion(id)).state).toBe('deployed');
  });

  it('all of them: what runs is served, checked and started again, and nothing else happens when they are back', async () => {
    const reconciled = await jockey.client.post('/reconciles?wait=60', { environment: 'production', app: APP });
    expect(reconciled.body.data).toMatchObject({ state: 'completed' });
    const before = (await jockey.seen(serving)).instances;
    await Promise.all([jockey.killEngines(), jockey.killApi()]);
    const registered = await jockey.registered(`${APP}-web`);
    expect(registered.map(({ passing }) => passing)).toEqual(before.map(() => true));
    for (const instance of before) expect(await jockey.page(instance)).toContain('version 1');
    jockey.startEngine();
    await jockey.startApi();
    await expectWhole(jockey, { app: APP, deploy: serving });
    expect((await jockey.seen(serving)).instances.map(({ id }) => id).sort()).toEqual(
      before.map(({ id }) => id).sort(),
    );
  });
});
