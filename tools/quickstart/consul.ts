import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { startConsulAgent } from '../machine/consul-agent.js';
import { requireConsul } from '../machine/consul-binary.js';
import { registerPools, type PoolService } from '../machine/consul-pools.js';
import { freePort, isFree } from '../machine/free-port.js';
import type { Ledger } from '../machine/ledger.js';
import { usualOrFreePort } from '../machine/port-taken.js';
import { progress } from '../machine/progress.js';
import type { DockerPart } from './docker.js';
import type { QuickstartFolders } from './folders.js';

/** Pools that the one host belongs to: it runs the sample, and builds it. */
const POOLS = ['jockey-api-development', 'jockey-build-development'];
const LOOPBACK = '127.0.0.1';

/** The Consul that Jockey asks, and that the host's instances are registered in. */
export interface ConsulPart {
  readonly url: string;
  /** Services that are told alive by the quickstart itself, as Consul cannot ask a Unix socket. */
  readonly told: readonly PoolService[];
}

/** Uses the Consul of CONSUL_HTTP_ADDR or starts a server of its own, with the Docker engine as its one host. */
export async function provideConsul(
  ledger: Ledger,
  docker: DockerPart,
  folders: QuickstartFolders,
): Promise<ConsulPart> {
  const given = process.env['CONSUL_HTTP_ADDR'];
  if (given === undefined || given === '') return startOwn(ledger, docker, folders);
  const url = given.includes('://') ? given : `http://${given}`;
  progress(`using the Consul at ${url}`);
  const services = poolsOf(docker, url);
  await registerPools(ledger, url, services);
  return { url, told: toldOf(services) };
}

async function startOwn(ledger: Ledger, docker: DockerPart, { folder, logs }: QuickstartFolders): Promise<ConsulPart> {
  const file = await requireConsul();
  const httpPort = await usualOrFreePort({ part: 'Consul', address: LOOPBACK, port: 8500 });
  progress(`starting Consul on ${LOOPBACK}:${httpPort}`);
  const services = poolsOf(docker, `http://${LOOPBACK}:${httpPort}`);
  const url = await startConsulAgent({
    ledger,
    file,
    name: 'consul',
    node: 'quickstart',
    address: LOOPBACK,
    folder: join(folder, 'consul'),
    logFile: join(logs, 'consul.log'),
    httpPort,
    ports: { dns: await near(8600), server: await near(8300), serf_lan: await near(8301), serf_wan: -1 },
    services,
  });
  return { url, told: toldOf(services) };
}

/** One that nobody needs to know; another Consul on this machine may have the usual one. */
async function near(port: number): Promise<number> {
  return (await isFree(LOOPBACK, port)) ? port : freePort(LOOPBACK);
}

function poolsOf({ endpoint, address }: DockerPart, agent: string): readonly PoolService[] {
  const meta = {
    docker_endpoint: endpoint,
    agent_endpoint: agent,
    memory_mb: String(Math.floor(totalmem() / 1024 / 1024)),
    cpus: String(cpus().length),
  };
  const http = endpoint.startsWith('unix:') ? undefined : `${endpoint}/_ping`;
  return POOLS.map((name) => ({ name, meta, address, http }));
}

function toldOf(services: readonly PoolService[]): readonly PoolService[] {
  return services.filter(({ http }) => http === undefined);
}
