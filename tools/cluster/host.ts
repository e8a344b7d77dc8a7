import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startConsulAgent } from '../machine/consul-agent.js';
import { requireConsul } from '../machine/consul-binary.js';
import { startDockerEngine } from '../machine/docker-engine.js';
import { fetchJson, fetchOk } from '../machine/fetch-ok.js';
import { Ledger } from '../machine/ledger.js';
import { unmountBelow } from '../machine/mounts.js';
import { requirePrograms } from '../machine/packages.js';
import { markOf } from '../machine/processes.js';
import { endAll } from '../machine/tear-down.js';
import { until } from '../machine/until.js';
import { CONSUL_PORT, REGISTRY_PORT, type ClusterDescription, type ClusterHost } from './layout.js';

/** What each host offers; the machine has less, but small containers ask for little. */
const CAPACITY = { memory_mb: '8192', cpus: '16' };
const ENVIRONMENTS = ['development', 'staging', 'production'];

/** Who a host is to Consul. */
export interface HostRole {
  /** Name of its node. */
  readonly node: string;
  /** The pools that it belongs to. */
  readonly pools: readonly string[];
  /** What it says of itself in each. */
  readonly meta: Readonly<Record<string, string>>;
}

/** What every host of a cluster is unless it is told otherwise: it serves the API stack of each environment, and builds. */
export function roleOf({ name }: ClusterHost): HostRole {
  const pools = ENVIRONMENTS.map((environment) => `jockey-api-${environment}`).concat('jockey-build-development');
  return { node: name, pools, meta: CAPACITY };
}

/** Starts a host's Docker engine and Consul agent side by side. */
export async function startHostParts(
  cluster: ClusterDescription,
  host: ClusterHost,
  role: HostRole = roleOf(host),
): Promise<void> {
  await Promise.all([startDocker(cluster, host), startAgent(cluster, host, role)]);
}

async function startDocker(cluster: ClusterDescription, host: ClusterHost): Promise<void> {
  const { ledger, folder, gateway, network } = cluster;
  const { dockerd } = await requirePrograms(['dockerd']);
  await startDockerEngine({
    ledger: new Ledger(ledger),
    file: dockerd,
    name: `${host.name}/docker`,
    address: new URL(host.dockerUrl).host,
    dataRoot: dataRootOf(folder, host),
    execRoot: execRootOf(cluster, host),
    cgroup: cgroupOf(cluster, host),
    insecureRegistry: network,
    plainRegistry: `${gateway}:${REGISTRY_PORT}`,
    logFile: join(folder, 'log', `${host.name}-docker.log`),
    netns: host.netns,
    group: host.name,
  });
}

async function startAgent(cluster: ClusterDescription, host: ClusterHost, role: HostRole): Promise<void> {
  const { ledger, folder, gateway } = cluster;
  await startConsulAgent({
    ledger: new Ledger(ledger),
    file: await requireConsul(),
    name: `${host.name}/consul`,
    node: role.node,
    address: host.address,
    folder: join(folder, 'state', host.name, 'consul'),
    logFile: join(folder, 'log', `${host.name}-consul.log`),
    netns: host.netns,
    group: host.name,
    join: gateway,
    httpPort: CONSUL_PORT,
    services: role.pools.map((name) => ({ name, meta: role.meta, http: `${host.dockerUrl}/_ping` })),
  });
}

/** Ends all that runs on a host at once, containers too, and forgets its mounts and sockets: as losing power does. */
export async function killHostParts(cluster: ClusterDescription, host: ClusterHost): Promise<void> {
  const execRoot = execRootOf(cluster, host);
  await endAll(markOf(cluster.ledger, host.name), cgroupOf(cluster, host));
  await unmountBelow(dataRootOf(cluster.folder, host));
  await unmountBelow(execRoot);
  await rm(execRoot, { recursive: true, force: true });
}

/** Empties the disk of a host that is off: what starts on it next is a new machine. */
export async function emptyHost({ folder }: ClusterDescription, { name }: ClusterHost): Promise<void> {
  await rm(join(folder, 'state', name), { recursive: true, force: true, maxRetries: 5 });
}

/** Waits until Consul sees all of the host's own services pass. */
export async function untilPassing(
  { env }: ClusterDescription,
  host: ClusterHost,
  { node, pools }: HostRole = roleOf(host),
): Promise<void> {
  await until({ what: `host ${node} to pass its checks in Consul`, seconds: 60 }, async () => {
    const url = `${env['CONSUL_HTTP_ADDR'] ?? ''}/v1/health/node/${node}`;
    const checks = await fetchJson<readonly { Status: string; Name: string }[]>(url);
    const own = checks.filter(({ Name }) => Name === 'Docker answers' || Name === 'Serf Health Status');
    return own.length > pools.length && own.every(({ Status }) => Status === 'passing');
  });
}

/** Tells the host's agent to look for the server now; by itself it tries only every half minute. */
export async function rejoin({ gateway }: ClusterDescription, host: ClusterHost): Promise<void> {
  await until({ what: `the agent of ${host.name} to join`, seconds: 30 }, async () =>
    fetchOk(`${host.agentUrl}/v1/agent/join/${gateway}`, { method: 'PUT' }),
  );
}

function dataRootOf(folder: string, { name }: ClusterHost): string {
  return join(folder, 'state', name, 'docker');
}

function execRootOf({ sockets }: ClusterDescription, { name }: ClusterHost): string {
  return join(sockets, name);
}

function cgroupOf({ cgroup }: ClusterDescription, { name }: ClusterHost): string {
  return `${cgroup}/${name}`;
}
