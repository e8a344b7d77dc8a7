import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { runFolder } from '../machine/run-folder.js';

/** One Docker host of the cluster: a network namespace with a Docker engine and a Consul agent of its own. */
export interface ClusterHost {
  /** Its name, as a node in Consul too. */
  readonly name: string;
  readonly address: string;
  /** Name of its network namespace; its cable, seen from the machine, is called so too. */
  readonly netns: string;
  readonly dockerUrl: string;
  readonly agentUrl: string;
}

/** Where everything of a cluster is: all that another process needs to attach to it. */
export interface ClusterDescription {
  readonly ledger: string;
  /** Folder of its data, which goes with it, and of its logs, which stay. */
  readonly folder: string;
  /** The machine's own address in the cluster's network: Consul's server and the registry live there. */
  readonly gateway: string;
  readonly network: string;
  readonly hosts: readonly ClusterHost[];
  /** The variables with which Jockey finds the cluster's parts. */
  readonly env: Readonly<Record<string, string>>;
}

/** Name of the bridge, and of the control group that all containers live below. */
export const BRIDGE = 'jockey0';
export const CGROUP = 'jockey-cluster';
export const REGISTRY_PORT = 5000;
export const CONSUL_PORT = 8500;
const DOCKER_PORT = 2375;

/** First three parts of the networks that are tried, until one is not in use on this machine. */
const NETWORKS = ['10.88.0', '10.118.0', '10.148.0'];

/** Path of the cluster's ledger: one for the machine, as its bridge and namespaces are. */
export function clusterLedger(): string {
  return join(runFolder(), 'cluster.json');
}

/** Folder of what goes with the cluster, and folder of what stays. */
export function foldersOf({ folder }: Pick<ClusterDescription, 'folder'>): { folder: string; logs: string } {
  return { folder: join(folder, 'state'), logs: join(folder, 'log') };
}

/** Plans a cluster of so many hosts; nothing is made yet. */
export function layOut(folder: string, hosts: number): ClusterDescription {
  const prefix = freeNetwork();
  const gateway = `${prefix}.1`;
  return {
    ledger: clusterLedger(),
    folder,
    gateway,
    network: `${prefix}.0/24`,
    hosts: Array.from({ length: hosts }, (_unused, index) => hostOf(prefix, index + 1)),
    env: {
      CONSUL_HTTP_ADDR: `http://${gateway}:${CONSUL_PORT}`,
      CONSUL_AGENT_PORT: String(CONSUL_PORT),
      DOCKER_PORT: String(DOCKER_PORT),
      REGISTRY_ADDRESS: `${gateway}:${REGISTRY_PORT}`,
      JOCKEY_BOOTSTRAP_TOKEN: process.env['JOCKEY_BOOTSTRAP_TOKEN'] ?? randomBytes(24).toString('hex'),
      JOCKEY_DATA_DIR: join(folder, 'state', 'jockey'),
      GIT_LOCAL_ROOT: join(folder, 'state', 'git'),
    },
  };
}

function hostOf(prefix: string, number: number): ClusterHost {
  const address = `${prefix}.${10 + number}`;
  return {
    name: `h${number}`,
    address,
    netns: `jockey-h${number}`,
    dockerUrl: `http://${address}:${DOCKER_PORT}`,
    agentUrl: `http://${address}:${CONSUL_PORT}`,
  };
}

function freeNetwork(): string {
  const used = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address);
  const free = NETWORKS.find((prefix) => !used.some((address) => overlaps(address, prefix)));
  return free ?? '10.88.0';
}

/** Bridges of other tools often take a /16, so the first two parts decide. */
function overlaps(address: string, prefix: string): boolean {
  return address.split('.').slice(0, 2).join('.') === prefix.split('.').slice(0, 2).join('.');
}
