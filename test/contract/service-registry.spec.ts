import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConsulServiceRegistry } from '../../src/adapters/consul/consul-service-registry.js';
import { LABELS } from '../../src/domain/instance/container-name.js';
import type { Host } from '../../src/domain/host/host.js';
import { FakeServiceRegistry } from '../fakes/fake-service-registry.js';
import { FakeWorld } from '../fakes/fake-world.js';
import { attachToCluster, deadHost, hostOf, unusedPort, type Cluster } from './cluster.js';
import { serviceRegistryContract, type ServiceRegistrySetUp } from './service-registry.contract.js';

serviceRegistryContract('in memory', beginFake);
serviceRegistryContract('through Consul', beginReal);

async function beginFake(): Promise<ServiceRegistrySetUp> {
  const world = new FakeWorld();
  const hosts = [world.addHost('h1'), world.addHost('h2')] as const;
  const gone = world.addHost('h3');
  world.cut(gone.name);
  const deaf = new FakeWorld();
  deaf.consulAnswers = false;
  let ports = 20_000;
  const setPassing = async (host: Host, name: string, passes: boolean) =>
    world.alter(host.name, name, { healthyAfter: passes ? 0 : null });
  return {
    registry: new FakeServiceRegistry(world),
    hosts,
    deadHost: gone,
    serve: async (host, name, passes) => {
      const resources = { memoryMb: 16, cpus: 0.1 };
      const labels = { [LABELS.app]: 'contract' };
      const spec = {
        name,
        image: 'any',
        command: [],
        env: {},
        labels,
        resources,
        publish: null,
        stopGraceSeconds: 0,
        stopSignal: 'SIGTERM',
      };
      world.begin(host.name, world.put(host.name, spec));
      await setPassing(host, name, passes);
      return (ports += 1);
    },
    setPassing,
    silent: () => new FakeServiceRegistry(deaf),
    close: async () => undefined,
  };
}

/** Where both the page of an instance and the Docker API of its host answer, as one server says. */
interface Stand {
  readonly server: Server;
  passes: boolean;
}

async function beginReal(): Promise<ServiceRegistrySetUp> {
  const cluster = await attachToCluster();
  const stands = new Map<string, Stand>();
  const docker = await dockerStand(cluster, stands);
  const dead = `http://127.0.0.1:${await unusedPort()}`;
  const at = (host: Host) => ({ ...host, address: cluster.gateway, dockerUrl: docker.url });
  return {
    registry: new ConsulServiceRegistry(cluster.clients, cluster.consulUrl),
    hosts: [at(hostOf(cluster, 0)), at(hostOf(cluster, 1))],
    deadHost: await deadHost(),
    serve: async (_host, name, passes) => {
      const server = createServer((request, answer) => {
        const passing = request.url === '/health?full=1' && stands.get(name)?.passes;
        answer.writeHead(passing ? 200 : 503).end('x'.repeat(2_000));
      });
      stands.set(name, { server, passes });
      return listen(server, cluster.gateway);
    },
    setPassing: async (_host, name, passes) => {
      const stand = stands.get(name);
      if (stand !== undefined) stand.passes = passes;
    },
    silent: () => new ConsulServiceRegistry(cluster.clients, dead),
    close: async () => {
      for (const { server } of stands.values()) end(server);
      end(docker.server);
    },
  };
}

/** Answers `top` as Docker does; that the real one does is proven with the Docker adapter. */
async function dockerStand({ gateway }: Cluster, stands: ReadonlyMap<string, Stand>) {
  const server = createServer((request, answer) => {
    const name = /^\/containers\/([^/]+)\/top\?/.exec(request.url ?? '')?.[1] ?? '';
    answer.writeHead(stands.get(name)?.passes ? 200 : 409).end('{}');
  });
  return { server, url: `http://${gateway}:${await listen(server, gateway)}` };
}

async function listen(server: Server, address: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return (server.address() as AddressInfo).port;
}

function end(server: Server): void {
  server.close();
  server.closeAllConnections();
}
