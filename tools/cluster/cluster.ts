import { readFile } from 'node:fs/promises';
import { Ledger } from '../machine/ledger.js';
import { end } from '../machine/processes.js';
import { startRegistry } from '../machine/registry.js';
import { killHostParts, rejoin, startHostParts, untilPassing } from './host.js';
import { foldersOf, REGISTRY_PORT, type ClusterDescription, type ClusterHost } from './layout.js';
import { setCable } from './network.js';

/** Docker hosts on one machine, and what they share. What it does to a host is done when its promise resolves. */
export class Cluster {
  constructor(
    readonly description: ClusterDescription,
    private readonly takeDown: () => Promise<void> = () => Promise.resolve(),
  ) {}

  /** The hosts, by name. */
  get hosts(): readonly ClusterHost[] {
    return this.description.hosts;
  }

  /** The variables with which Jockey finds the parts: DATABASE_URL, REDIS_URL, CONSUL_HTTP_ADDR, REGISTRY_ADDRESS, … */
  get env(): Readonly<Record<string, string>> {
    return this.description.env;
  }

  /** Switches a host off, as losing power does: everything on it dies at once, and its cable is dead. */
  async stopHost(name: string): Promise<void> {
    await setCable(this.host(name), 'down');
    await killHostParts(this.description, this.host(name));
  }

  /** Switches a host on again; its disk is as it was. Resolves when Consul sees it pass. */
  async startHost(name: string): Promise<void> {
    const host = this.host(name);
    await setCable(host, 'up');
    await startHostParts(this.description, host);
    await rejoin(this.description, host);
    await untilPassing(this.description, host);
  }

  /** Pulls a host's cable: what runs on it goes on, but nobody reaches it. */
  async cutHost(name: string): Promise<void> {
    await setCable(this.host(name), 'down');
  }

  /** Plugs a host's cable in again. Resolves when Consul sees it pass. */
  async joinHost(name: string): Promise<void> {
    const host = this.host(name);
    await setCable(host, 'up');
    await rejoin(this.description, host);
    await untilPassing(this.description, host);
  }

  /** Ends the image registry; its images stay on disk. */
  async stopRegistry(): Promise<void> {
    const registries = this.ledger.processes().filter(({ name }) => name === 'registry');
    await end(registries, 2);
  }

  /** Starts the image registry again, with the images that it had. */
  async startRegistry(): Promise<void> {
    const { gateway } = this.description;
    await startRegistry({ ...foldersOf(this.description), ledger: this.ledger, address: gateway, port: REGISTRY_PORT });
  }

  /** Takes everything down; only the process that started the cluster can, for others it does nothing. */
  async stop(): Promise<void> {
    await this.takeDown();
  }

  private get ledger(): Ledger {
    return new Ledger(this.description.ledger);
  }

  private host(name: string): ClusterHost {
    const host = this.hosts.find((each) => each.name === name);
    if (host !== undefined) return host;
    throw new Error(`there is no host ${name}: the hosts are ${this.hosts.map((each) => each.name).join(', ')}`);
  }
}

/** Attaches to a cluster that another process has started, by the file that describes it. */
export async function attachCluster(path: string): Promise<Cluster> {
  return new Cluster(JSON.parse(await readFile(path, 'utf8')) as ClusterDescription);
}
