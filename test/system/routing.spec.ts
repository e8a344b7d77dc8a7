import { type ChildProcess, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClusterHaproxy,
  type ClusterNginx,
  placeForRouter,
  type RouterPlace,
  startClusterHaproxy,
  startClusterNginx,
} from '../../tools/cluster/routers.js';
import { eventually } from '../support/eventually.js';
import { askByName, SteadyClient } from './ask-by-name.js';
import { Jockey, TOKEN } from './jockey.js';

const WATCHER = fileURLToPath(new URL('../../clients/nginx/watch-routes.mjs', import.meta.url));
const PRODUCTION = 'front.production.test';
const DEVELOPMENT = 'front.development.test';

interface SeenRoute {
  readonly host_name: string;
  readonly dns_name: string;
  readonly srv_name: string;
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
}

let jockey: Jockey;
let haproxy: ClusterHaproxy;
let nginx: ClusterNginx;
let watcher: ChildProcess;

beforeAll(async () => {
  jockey = await Jockey.start({ ROUTING_HOST: '{app}.{environment}.test' });
  await jockey.client.post('/environments', { name: 'development' });
  // HAProxy asks Consul each second, and the watcher of nginx asks Jockey as often.
  await jockey.createApp('front', { scale: 2, drain_seconds: 3 });
  await jockey.createApp('idle', { scale: 0 });
  const settings = { memory_mb: 32, cpus: 0.05, health_interval_seconds: 1, health_path: '/healthz', drain_seconds: 3 };
  await jockey.client.put(`/workers/${await workerIn('development')}`, { ...settings, cpus: 0.2, scale: 1 });
  haproxy = await startHaproxy();
  nginx = await startNginx();
});
afterAll(async () => {
  watcher?.kill();
  await Promise.all([haproxy?.stop(), nginx?.stop()]);
  await jockey?.stop();
});

describe('traffic reaches an app in an environment by its host name', () => {
  beforeAll(async () => {
    const [one, other] = await Promise.all([
      jockey.begin('front', 'main'),
      jockey.begin('front', 'v2', { environment: 'development' }),
    ]);
    for (const id of [one, other]) expect(await jockey.settled(id)).toMatchObject({ state: 'deployed' });
  });

  it('through HAProxy, which finds the instances in the DNS of Consul', async () => {
    await eventually('HAProxy has the servers of both', () => serves(haproxy.url, [PRODUCTION, DEVELOPMENT]));
    await expectVersions(haproxy.url);
  });

  it('through nginx, which is told the instances by Jockey', async () => {
    await eventually('nginx has the servers of both', () => serves(nginx.url, [PRODUCTION, DEVELOPMENT]));
    await expectVersions(nginx.url);
  });

  it.each(['haproxy', 'nginx'] as const)(
    'and %s answers 503 for an empty pool, 404 for a name of nobody',
    async (name) => {
      const { url } = routerOf(name);
      expect((await askByName(url, 'idle.production.test')).status).toBe(503);
      expect((await askByName(url, 'nobody.production.test')).status).toBe(404);
    },
  );

  it('as GET /routes says, under the names that Consul itself answers', async () => {
    const { body } = await jockey.client.get('/routes?app=front');
    const routes = body.data as unknown as SeenRoute[];
    expect(routes.map(({ host_name: host, endpoints }) => [host, endpoints.length]).sort()).toEqual([
      [DEVELOPMENT, 1],
      [PRODUCTION, 2],
    ]);
    const consul = new Resolver();
    consul.setServers([(await placeForRouter(jockey.cluster)).nameserver]);
    for (const { srv_name: srv, dns_name: dns, endpoints } of routes) {
      expect((await consul.resolveSrv(srv)).map(({ port }) => port).sort()).toEqual(
        endpoints.map(({ port }) => port).sort(),
      );
      expect((await consul.resolve4(dns)).sort()).toEqual([...new Set(endpoints.map(({ address }) => address))].sort());
    }
  });
});

describe('routers follow', () => {
  it.each(['haproxy', 'nginx'] as const)('scale up, %s', async (name) => {
    const { url } = routerOf(name);
    const scale = name === 'haproxy' ? 3 : 4;
    await jockey.client.put(`/workers/${await workerIn('production')}`, { scale });
    await eventually(`${scale} containers answer`, async () => (await containersBehind(url)).size === scale, 60);
  });

  it('a deploy, and drop no request', async () => {
    // nginx closes resting connections when it reloads, as HTTP/1.1 lets it; who reuses one then has to ask again.
    const clients = [
      new SteadyClient(haproxy.url, PRODUCTION),
      new SteadyClient(nginx.url, PRODUCTION, { keepAlive: false }),
    ];
    const deploy = await jockey.deploy('front', 'v2');
    await eventually('nothing of the old is left', async () => {
      const ids = deploy.instances.filter(({ state }) => state === 'healthy').map(({ id }) => id);
      return (await jockey.containersOf('front')).filter((name) => name.includes('-production-')).length === ids.length;
    });
    await Promise.all(clients.map((client) => client.end()));
    expect(deploy).toMatchObject({ state: 'deployed' });
    for (const { requests, faults } of clients) {
      expect(faults.slice(0, 5)).toEqual([]);
      expect(requests).toBeGreaterThan(200);
    }
    for (const { url } of [haproxy, nginx]) expect((await askByName(url, PRODUCTION)).text).toContain('version 2');
  });

  it('scale down to none: an empty pool answers 503, and the other environment goes on', async () => {
    const worker = await workerIn('production');
    await jockey.client.put(`/workers/${worker}`, { scale: 0 });
    for (const { url } of [haproxy, nginx]) {
      await eventually('the pool is empty', async () => (await askByName(url, PRODUCTION)).status === 503);
      expect((await askByName(url, DEVELOPMENT)).status).toBe(200);
    }
    await jockey.client.put(`/workers/${worker}`, { scale: 2 });
    for (const { url } of [haproxy, nginx])
      await eventually('the pool is filled again', async () => (await askByName(url, PRODUCTION)).status === 200, 60);
  });
});

describe('with every process of Jockey dead', () => {
  it('traffic goes on, and HAProxy takes out what Consul finds broken', async () => {
    await Promise.all([jockey.killEngines(), jockey.killApi()]);
    const clients = [haproxy, nginx].map(({ url }) => new SteadyClient(url, PRODUCTION));
    await eventually('two hundred more requests are answered', () => clients.every(({ requests }) => requests > 200));
    await Promise.all(clients.map((client) => client.end()));
    for (const { faults } of clients) expect(faults).toEqual([]);
    const [first = ''] = (await jockey.containersOf('front')).filter((name) => name.includes('-production-'));
    await tellDocker(first, 'pause');
    const fromOneAlone = async () => (await containersBehind(haproxy.url)).size === 1;
    await eventually('HAProxy serves from the other alone', () => fromOneAlone().catch(() => false), 60);
    await tellDocker(first, 'unpause');
    jockey.startEngine();
    await jockey.startApi();
  });
});

async function startHaproxy(): Promise<ClusterHaproxy> {
  const place = await placeForRouter(jockey.cluster);
  const { text } = await jockey.client.get(`/routes/haproxy.cfg?${queryOf(place)}&nameserver=${place.nameserver}`);
  return startClusterHaproxy(jockey.cluster, place, text);
}

/** With the watcher that keeps it as Jockey says. */
async function startNginx(): Promise<ClusterNginx> {
  const place = await placeForRouter(jockey.cluster);
  const path = `/routes/nginx.conf?${queryOf(place)}`;
  const running = await startClusterNginx(jockey.cluster, place, (await jockey.client.get(path)).text);
  const { file, config, routes } = running.nginx;
  const args = ['--url', `${jockey.client.url}${path}`, '--file', routes, '--nginx', file, '--config', config];
  watcher = spawn(process.execPath, [WATCHER, ...args], {
    env: { ...process.env, JOCKEY_TOKEN: TOKEN },
    stdio: 'ignore',
  });
  return running;
}

const queryOf = ({ address, port }: RouterPlace) => `address=${address}&port=${port}`;

const routerOf = (name: 'haproxy' | 'nginx') => (name === 'haproxy' ? haproxy : nginx);

async function workerIn(environment: string): Promise<string> {
  const { body } = await jockey.client.get(`/workers?app=front&environment=${environment}&worker=web`);
  return (body.data as unknown as { id: string }[])[0]?.id ?? '';
}

/** Asked often, as for a moment after it was told something new an nginx answers by what it was told before, too. */
async function serves(url: string, hosts: readonly string[]): Promise<boolean> {
  const asked = hosts.flatMap((host) => Array.from({ length: 24 }, () => askByName(url, host)));
  return (await Promise.all(asked)).every(({ status }) => status === 200);
}

/** Often enough that every instance has answered. */
async function expectVersions(url: string): Promise<void> {
  const ask = (host: string) => Promise.all(Array.from({ length: 12 }, () => askByName(url, host)));
  const [production, development] = await Promise.all([ask(PRODUCTION), ask(DEVELOPMENT)]);
  for (const { text } of production) expect(text).toContain('version 1');
  for (const { text } of development) expect(text).toContain('version 2');
  await eventually('both containers answer', async () => (await containersBehind(url)).size === 2);
}

/** Containers that answer for production, as their pages say. */
async function containersBehind(url: string): Promise<Set<string>> {
  const answers = await Promise.all(Array.from({ length: 24 }, () => askByName(url, PRODUCTION)));
  const good = answers.filter(({ status }) => status === 200);
  return new Set(good.map(({ text }) => /container ([0-9a-z]+)/.exec(text)?.[1] ?? text));
}

/** Freezes a container on whichever host it is, so that its check fails while its port still takes connections. */
async function tellDocker(container: string, deed: 'pause' | 'unpause'): Promise<void> {
  const answers = await Promise.all(
    jockey.cluster.hosts.map(({ dockerUrl }) =>
      fetch(`${dockerUrl}/containers/${container}/${deed}`, { method: 'POST', signal: AbortSignal.timeout(5_000) }),
    ),
  );
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
}
