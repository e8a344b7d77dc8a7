import { ConsulHostCatalog } from '../../src/adapters/consul/consul-host-catalog.js';
import { hostServiceName } from '../../src/domain/kernel/names.js';
import { FakeHostCatalog } from '../fakes/fake-host-catalog.js';
import { FakeWorld } from '../fakes/fake-world.js';
import { attachToCluster, freshName, hostOf, unusedPort } from './cluster.js';
import { hostCatalogContract, type HostCatalogSetUp } from './host-catalog.contract.js';

hostCatalogContract('in memory', beginFake);
hostCatalogContract('through Consul', beginReal);

const CAPACITY = { memoryMb: 2048, cpus: 2 };

async function beginFake(): Promise<HostCatalogSetUp> {
  const world = new FakeWorld();
  const pool = { stack: 'contract', environment: 'production' };
  for (const name of ['h2', 'h1'])
    world.addHost(name, { pools: [`${pool.stack}/${pool.environment}`], resources: CAPACITY });
  const deaf = new FakeWorld();
  deaf.consulAnswers = false;
  return {
    catalog: new FakeHostCatalog(world),
    pool,
    names: ['h1', 'h2'],
    setFailing: async (host, words) => world.setUnhealthy(host, words === null ? null : `pool: ${words}`),
    silent: () => new FakeHostCatalog(deaf),
    close: async () => undefined,
  };
}

async function beginReal(): Promise<HostCatalogSetUp> {
  const cluster = await attachToCluster();
  const pool = { stack: freshName('contract'), environment: 'production' };
  const name = hostServiceName(pool.stack, pool.environment);
  const hosts = [hostOf(cluster, 1), hostOf(cluster, 0)];
  const agentOf = (host: string) => hosts.find((each) => each.name === host)?.agentUrl ?? '';
  for (const { agentUrl } of hosts) {
    const meta = { memory_mb: '2048', cpus: '2' };
    await put(`${agentUrl}/v1/agent/service/register`, { name, meta, check: { ttl: '10m', status: 'passing' } });
  }
  const dead = `http://127.0.0.1:${await unusedPort()}`;
  return {
    catalog: cluster.catalog,
    pool,
    names: [hostOf(cluster, 0).name, hostOf(cluster, 1).name],
    setFailing: (host, words) => {
      const verdict = words === null ? 'pass' : 'fail';
      return put(`${agentOf(host)}/v1/agent/check/${verdict}/service:${name}?note=${encodeURIComponent(words ?? '')}`);
    },
    silent: () =>
      new ConsulHostCatalog(cluster.clients, { consulUrl: dead, agentPort: 8500, dockerPort: 2375, dockerTls: false }),
    close: async () => {
      for (const { agentUrl } of hosts) await put(`${agentUrl}/v1/agent/service/deregister/${name}`);
    },
  };
}

async function put(url: string, body?: unknown): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', body: body === undefined ? undefined : JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}
