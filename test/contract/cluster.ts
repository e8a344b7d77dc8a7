import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { ConsulClients } from '../../src/adapters/consul/consul-clients.js';
import { ConsulHostCatalog } from '../../src/adapters/consul/consul-host-catalog.js';
import type { Host } from '../../src/domain/host/host.js';

/** The real parts that contract suites run on. */
export interface Cluster {
  readonly consulUrl: string;
  /** `host:port` of the registry. */
  readonly registry: string;
  /** Address of this machine that the hosts can reach. */
  readonly gateway: string;
  readonly hosts: readonly Host[];
  readonly clients: ConsulClients;
  readonly catalog: ConsulHostCatalog;
}

/** Attaches to the cluster that `CONSUL_HTTP_ADDR` and `REGISTRY_ADDRESS` name. */
export async function attachToCluster(): Promise<Cluster> {
  const consulUrl = required('CONSUL_HTTP_ADDR');
  const registry = required('REGISTRY_ADDRESS');
  const clients = new ConsulClients(undefined);
  const addresses = { consulUrl, agentPort: 8500, dockerPort: 2375, dockerTls: false };
  const catalog = new ConsulHostCatalog(clients, addresses);
  const hosts = await catalog.hosts({ stack: 'api', environment: 'production' });
  if (hosts.filter(({ healthy }) => healthy).length < 2)
    throw new Error(`the Consul at ${consulUrl} should know two healthy hosts of jockey-api-production`);
  return { consulUrl, registry, gateway: registry.split(':')[0] ?? '', hosts, clients, catalog };
}

/** The host at this place of the cluster. */
export function hostOf({ hosts }: Cluster, index: number): Host {
  const host = hosts[index];
  if (host === undefined) throw new Error(`the cluster should have at least ${index + 1} hosts`);
  return host;
}

/** A host at whose address nothing listens. */
export async function deadHost(): Promise<Host> {
  const port = await unusedPort();
  const url = `http://127.0.0.1:${port}`;
  return {
    name: 'gone',
    address: '127.0.0.1',
    dockerUrl: url,
    machine: null,
    agentUrl: url,
    healthy: true,
    unhealthyBecause: null,
    capacity: null,
  };
}

/** A name that no other run uses. */
export function freshName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

/** A port of this machine that nothing listens on. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} should name a part of a running cluster: npm run cluster:up starts one`);
  return value;
}
