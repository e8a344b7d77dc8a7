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

/** What a cluster's own things are called on this machine, so that clusters stand side by side. */
export interface ClusterNames {
  /** Path of its ledger: one for the machine, as its bridge and namespaces are. */
  readonly ledger: string;
  readonly bridge: string;
  /** Control group that its containers live below. */
  readonly cgroup: string;
  /** Folder of its sockets: a short path. */
  readonly sockets: string;
}

/** Where everything of a cluster is: all that another process needs to attach to it. */
export interface ClusterDescription extends ClusterNames {
  /** Folder of its data, which goes with it, and of its logs, which stay. */
  readonly folder: string;
  /** The machine's own address in the cluster's network: Consul's server and the registry live there. */
  readonly gateway: string;
  readonly network: string;
  readonly hosts: readonly ClusterHost[];
  /** The variables with which Jockey finds the cluster's parts. */
  readonly env: Readonly<Record<string, string>>;
}

export const REGISTRY_PORT = 5000;
export const CONSUL_PORT = 8500;
const DOCKER_PORT = 2375;

/** Second part of the networks that are tried, until one is not in use on this machine; the cluster's number is added. */
const NETWORKS = [88, 118, 148];

/** The number of the cluster that `npm run cluster:up` starts. */
export const MAIN_CLUSTER = 0;

/** The names of a cluster; those of the main one have no number. */
export function namesOf(number: number): ClusterNames {
  const suffix = number === MAIN_CLUSTER ? '' : `-${number}`;
  return {
    ledger: join(runFolder(), `cluster${suffix}.json`),
    bridge: `jockey${number}`,
    cgroup: `jockey-cluster${suffix}`,
    sockets: join(runFolder(), `cluster${suffix}`),
  };
}

/** Folder of what goes with the cluster, and folder of what stays. */
export function foldersOf({ folder }: Pick<ClusterDescription, 'folder'>): { folder: string; logs: string } {
  return { folder: join(folder, 'state'), logs: join(folder, 'log') };
}

/** Plans the cluster of this number with so many hosts; nothing is made yet. */
export function layOut(folder: string, { number, hosts }: { number: number; hosts: number }): ClusterDescription {
  const prefix = freeNetwork(number);
  const gateway = `${prefix}.1`;
  return {
    ...namesOf(number),
    folder,
    gateway,
    network: `${prefix}.0/24`,
    hosts: Array.from({ length: hosts }, (_unused, index) => hostOf({ cluster: number, prefix }, index + 1)),
    env: {
      CONSUL_HTTP_ADDR: `http://${gateway}:${CONSUL_PORT}`,
      CONSUL_AGENT_PORT: String(CONSUL_PORT),
      DOCKER_PORT: String(DOCKER_PORT),
      REGISTRY_ADDRESS: `${gateway}:${REGISTRY_PORT}`,
      REGISTRY_PLAIN_HTTP: `${gateway}:${REGISTRY_PORT}`,
      JOCKEY_BOOTSTRAP_TOKEN: process.env['JOCKEY_BOOTSTRAP_TOKEN'] ?? randomBytes(24).toString('hex'),
      JOCKEY_DATA_DIR: join(folder, 'state', 'jockey'),
      GIT_LOCAL_ROOT: join(folder, 'state', 'git'),
    },
  };
}

function hostOf({ cluster, prefix }: { cluster: number; prefix: string }, number: number): ClusterHost {
  const address = `${prefix}.${10 + number}`;
  return {
    name: `h${number}`,
    address,
    netns: `jockey${cluster === MAIN_CLUSTER ? '' : cluster}-h${number}`,
    dockerUrl: `http://${address}:${DOCKER_PORT}`,
    agentUrl: `http://${address}:${CONSUL_PORT}`,
  };
}

function freeNetwork(number: number): string {
  const used = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address);
  const networks = NETWORKS.map((second) => `10.${second + number}.0`);
  const free = networks.find((prefix) => !used.some((address) => overlaps(address, prefix)));
  return free ?? `10.${88 + number}.0`;
}

/** Bridges of other tools often take a /16, so the first two parts decide. */
function overlaps(address: string, prefix: string): boolean {
  return address.split('.').slice(0, 2).join('.') === prefix.split('.').slice(0, 2).join('.');
}
