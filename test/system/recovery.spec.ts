import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Hands } from './hands.js';
import { Jockey, type SeenDeploy, type SeenInstance } from './jockey.js';
import { expectWhole } from './whole.js';

const APP = 'lasting';
const SERVICE = `${APP}-web`;
/** How long a host may be lost before its instances move, in seconds. */
const GRACE = 5;

let jockey: Jockey;
let hands: Hands;
let deploy: SeenDeploy;

beforeAll(async () => {
  jockey = await Jockey.start({ HOST_GRACE_SECONDS: String(GRACE) });
  hands = new Hands(jockey);
  await jockey.createApp(APP);
  deploy = await jockey.deploy(APP, 'main');
  expect(deploy.state).toBe('deployed');
  await whole();
});
afterAll(() => jockey.stop());

async function whole(seconds?: number): Promise<void> {
  await expectWhole(jockey, { app: APP, deploy: deploy.id, ...(seconds === undefined ? {} : { seconds }) });
}

/** The instances that live now. */
async function living(): Promise<readonly SeenInstance[]> {
  const { instances } = await jockey.seen(deploy.id);
  return instances.filter(({ state }) => state === 'healthy');
}

async function one(): Promise<SeenInstance> {
  const [instance] = await living();
  if (instance === undefined) throw new Error(`no instance of ${APP} lives`);
  return instance;
}

describe('a container or a Consul entry that somebody took away', () => {
  it.each([
    ['docker kill', (instance: SeenInstance) => hands.kill(instance)],
    ['docker rm -f', (instance: SeenInstance) => hands.remove(instance)],
    ['the end of its process', (instance: SeenInstance) => hands.crash(instance)],
  ])('%s: it runs again, and serves', async (_name, harm) => {
    const instance = await one();
    const before = await hands.look(instance);
    await harm(instance);
    await eventually('another run of it is seen', async () => {
      const now = await hands.look(instance);
      return now !== null && now.running && now.startedAt !== before?.startedAt;
    });
    await eventually('it serves', () => jockey.page(instance).catch(() => null));
    await whole();
  });

  it('a Consul entry is made again, and the container is not touched', async () => {
    const instance = await one();
    const before = await hands.look(instance);
    await hands.deregister(instance);
    await eventually('the entry passes again', async () => {
      const entry = (await jockey.registered(SERVICE)).find(({ id }) => id === instance.id);
      return entry?.passing === true;
    });
    await whole();
    expect(await hands.look(instance)).toEqual(before);
  });
});

describe('what should not be there', () => {
  it('a container and an entry with our marks go; what others made stays, whatever its name', async () => {
    const instance = await one();
    const { image } = (await hands.look(instance)) ?? { image: '' };
    const labels = { 'io.jockey.app': APP, 'io.jockey.environment': 'production' };
    const foreign = { host: instance.host, id: `${APP}-production-web-9-d999` };
    await hands.run(foreign.host, foreign.id, { image, labels: { owner: 'somebody else' } });
    await hands.register(foreign.host, { ID: 'by-hand', Name: SERVICE });
    const before = await hands.look(foreign);
    await hands.run(foreign.host, 'stray', { image, labels });
    await hands.register(foreign.host, {
      ...{ ID: 'ghost', Name: SERVICE },
      Meta: { app: APP, environment: 'production' },
    });
    await eventually('the stray is gone', async () => (await hands.look({ ...foreign, id: 'stray' })) === null);
    await eventually('the ghost is gone', async () =>
      (await jockey.registered(SERVICE)).every(({ id }) => id !== 'ghost'),
    );
    expect(await hands.look(foreign)).toEqual(before);
    expect((await jockey.registered(SERVICE)).map(({ id }) => id)).toContain('by-hand');
    await hands.deregister({ ...foreign, id: 'by-hand' });
    await hands.remove(foreign);
    await whole();
  });
});

describe('a host', () => {
  it('that is lost: its instances run elsewhere in time, and come back into balance when it is back', async () => {
    expect(new Set((await living()).map(({ host }) => host)).size).toBe(3);
    await jockey.cluster.stopHost('h3');
    await eventually('Consul has lost h3', async () => (await hostIsHealthy('h3')) === false);
    try {
      // How long that takes is measured by bench/recovery.ts.
      await eventually('three pass on the other hosts', () => passingOn(['h1', 'h2'], 3), 60);
    } finally {
      await jockey.cluster.startHost('h3');
    }
    let fewest = Infinity;
    await eventually(
      'one passes on each host',
      async () => {
        fewest = Math.min(fewest, (await jockey.registered(SERVICE)).filter(({ passing }) => passing).length);
        return hasBalance();
      },
      90,
    );
    expect(fewest, 'each is moved only when the one in its place passes').toBeGreaterThanOrEqual(3);
    await whole();
  });

  it('that is cordoned and drained: it empties, gets nothing new, and is used again when that is taken back', async () => {
    expect((await jockey.client.put('/hosts/h2', { drain: true, reason: 'a new disk' })).status).toBe(200);
    await eventually('nothing is on h2', async () => (await living()).every(({ host }) => host !== 'h2'), 60);
    await whole();
    const { body } = await jockey.client.get('/hosts/h2');
    expect(body.data).toMatchObject({ cordoned: true, reason: 'a new disk', running_instances: 0 });
    deploy = await jockey.deploy(APP, 'main');
    expect(deploy.state).toBe('deployed');
    expect(deploy.instances.map(({ host }) => host)).not.toContain('h2');
    expect((await jockey.client.put('/hosts/h2', { cordoned: false, drain: false })).status).toBe(200);
    await eventually('one passes on each host', hasBalance, 90);
    await whole();
  });
});

async function hostIsHealthy(name: string): Promise<unknown> {
  const { body } = await jockey.client.get(`/hosts/${name}`);
  return (body.data['health'] as { readonly healthy: boolean }).healthy;
}

async function passingOn(hosts: readonly string[], count: number): Promise<boolean> {
  const passing = (await jockey.registered(SERVICE)).filter((each) => each.passing).map(({ id }) => id);
  const there = (await living()).filter(({ id, host }) => passing.includes(id) && hosts.includes(host));
  return there.length === count;
}

async function hasBalance(): Promise<boolean> {
  const each = await Promise.all(['h1', 'h2', 'h3'].map((host) => passingOn([host], 1)));
  return each.every((holds) => holds);
}
