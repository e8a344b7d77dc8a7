import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Claim } from '../machine/claim.js';
import { requireConsul } from '../machine/consul-binary.js';
import { SetupFailure } from '../machine/failure.js';
import { freePort } from '../machine/free-port.js';
import type { Ledger } from '../machine/ledger.js';
import { requirePrograms } from '../machine/packages.js';
import { startPostgres } from '../machine/postgres.js';
import { progress } from '../machine/progress.js';
import { scratchFolder } from '../machine/project.js';
import { startRedis } from '../machine/redis.js';
import { startRegistry } from '../machine/registry.js';
import { Cluster } from './cluster.js';
import { startHostParts, untilPassing } from './host.js';
import { foldersOf, layOut, MAIN_CLUSTER, namesOf, REGISTRY_PORT, type ClusterDescription } from './layout.js';
import { makeNetwork } from './network.js';
import { startConsulServer } from './consul-server.js';

/** What a cluster is started for. */
export interface ClusterOptions {
  /** Who holds it, as the user knows it: "npm test". */
  readonly command: string;
  /** Folder of its data and logs; `.jockey/cluster` unless told. */
  readonly folder?: string;
  /** Clusters of different numbers stand side by side; that of `npm run cluster:up` unless told. */
  readonly number?: number;
  /** How many hosts; three unless told. */
  readonly hosts?: number;
  /** What is checked once the cluster is ours, and before anything is started. */
  readonly beforeStart?: () => Promise<void>;
}

const TAKE_DOWN = 'Take it down with: npm run cluster:down';

/**
 * Starts Docker hosts in network namespaces, a Consul server, a registry, and a Postgres and a Redis unless
 * DATABASE_URL and REDIS_URL name some. Everything goes away with this process, however it ends.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  return (await startClaimedCluster(options)).cluster;
}

/** Like {@link startCluster}, with the claim by which the cluster can be left to stay up. */
export async function startClaimedCluster(options: ClusterOptions): Promise<{ cluster: Cluster; claim: Claim }> {
  await requireMachine();
  const { ledger, cgroup } = namesOf(options.number ?? MAIN_CLUSTER);
  const claim = await Claim.take({ path: ledger, command: options.command, cgroup, takeDown: TAKE_DOWN });
  try {
    await options.beforeStart?.();
    const description = await startParts(claim.ledger, options);
    return { cluster: new Cluster(description, () => claim.end()), claim };
  } catch (error) {
    await claim.end();
    throw error;
  }
}

/** Makes sure that this machine can carry clusters, and has the programs of their parts. */
export async function requireMachine(): Promise<void> {
  requireRoot();
  await requirePrograms(['dockerd', 'docker-registry', 'redis-server', 'ip', 'iptables', 'nsenter']);
  await requireConsul();
}

/** Where a cluster's description is written, for `attachCluster`. */
export function descriptionFile(folder: string): string {
  return join(folder, 'cluster.json');
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new SetupFailure(
    'Three Docker hosts on one machine need network namespaces, which only root may make',
    'Run the command as root, or in a container or virtual machine that lets you.',
  );
}

async function startParts(ledger: Ledger, options: ClusterOptions): Promise<ClusterDescription> {
  const folder = resolve(options.folder ?? scratchFolder('cluster'));
  const plan = layOut(folder, { number: options.number ?? MAIN_CLUSTER, hosts: options.hosts ?? 3 });
  await rm(join(folder, 'log'), { recursive: true, force: true });
  ledger.write({ clusterFolder: folder });
  ledger.add({ directories: [foldersOf(plan).folder, plan.sockets, descriptionFile(folder)] });
  progress(`making the network ${plan.network} of ${plan.hosts.length} hosts`);
  await makeNetwork(ledger, plan);
  progress('starting the hosts: Docker and a Consul agent in each');
  const started = await Promise.all([
    startShared(ledger, plan),
    ...plan.hosts.map((host) => startHostParts(plan, host)),
  ]);
  await Promise.all(plan.hosts.map((host) => untilPassing(plan, host)));
  const description = { ...plan, env: { ...plan.env, ...started[0] } };
  await mkdir(plan.env['GIT_LOCAL_ROOT'] ?? folder, { recursive: true });
  await writeFile(descriptionFile(folder), JSON.stringify(description, null, 2), { mode: 0o600 });
  progress(`the cluster is up: ${plan.hosts.map(({ name, address }) => `${name} ${address}`).join(', ')}`);
  return description;
}

/** The parts that the hosts share; answers the variables that name the stores. */
async function startShared(ledger: Ledger, plan: ClusterDescription): Promise<Record<string, string>> {
  const folders = foldersOf(plan);
  const loopback = { ...folders, ledger, address: '127.0.0.1' };
  const [databaseUrl, redisUrl] = await Promise.all([
    storeUrl('DATABASE_URL', async (port) => startPostgres({ ...loopback, port })),
    storeUrl('REDIS_URL', async (port) => startRedis({ ...loopback, port })),
    startRegistry({ ...folders, ledger, address: plan.gateway, port: REGISTRY_PORT }),
    startConsulServer(plan),
  ]);
  return { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
}

/** The store that the environment names, or one of our own on a free port. */
async function storeUrl(variable: string, start: (port: number) => Promise<string>): Promise<string> {
  const given = process.env[variable];
  return given !== undefined && given !== '' ? given : start(await freePort('127.0.0.1'));
}
