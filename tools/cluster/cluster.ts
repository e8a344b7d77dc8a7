import { readFile } from 'node:fs/promises';
import { Ledger } from '../machine/ledger.js';
import { restartPostgres } from '../machine/postgres.js';
import { end, signal } from '../machine/processes.js';
import { flushRedis, startRedis } from '../machine/redis.js';
import { startRegistry } from '../machine/registry.js';
import { forgetNode, killConsulServer, returnConsulServer } from './consul-server.js';
import { emptyHost, type HostRole, killHostParts, rejoin, roleOf, startHostParts, untilPassing } from './host.js';
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

  /** Switches a host on again, as who it is; its disk is as it was. Resolves when Consul sees it pass. */
  async startHost(name: string, role: HostRole = roleOf(this.host(name))): Promise<void> {
    const host = this.host(name);
    await setCable(host, 'up');
    await startHostParts(this.description, host, role);
    await rejoin(this.description, host);
    await untilPassing(this.description, host, role);
  }

  /** Takes a host away for good: switches it off, empties its disk, and lets Consul forget the node that it was. */
  async scrapHost(name: string, role: HostRole = roleOf(this.host(name))): Promise<void> {
    await this.stopHost(name);
    await emptyHost(this.description, this.host(name));
    await forgetNode(this.description, role.node);
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

  /** The image registry hangs: it takes connections, and never answers. */
  async hangRegistry(): Promise<void> {
    await this.signalRegistry('SIGSTOP');
  }

  /** A registry that hung answers again, what was asked meanwhile too. */
  async wakeRegistry(): Promise<void> {
    await this.signalRegistry('SIGCONT');
  }

  /** Kills the Consul server; without it Consul has no leader. The agents of the hosts live on. */
  async stopConsul(): Promise<void> {
    await killConsulServer(this.description);
  }

  /** Starts the Consul server again, with the catalog that it had. Resolves when it sees every host pass. */
  async startConsul(): Promise<void> {
    await returnConsulServer(this.description);
  }

  /** Restarts Postgres with its data; it is away until `whileDown` has resolved. */
  async restartPostgres(whileDown: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const { logs } = foldersOf(this.description);
    await restartPostgres(this.ledger, { url: this.variable('DATABASE_URL'), logs, whileDown });
  }

  /** Empties Redis. */
  async flushRedis(): Promise<void> {
    await flushRedis(this.redis);
  }

  /** Kills Redis, and all that it knew: it keeps nothing on disk. */
  async stopRedis(): Promise<void> {
    const servers = this.ledger.processes().filter(({ name }) => name === 'redis');
    if (servers.length === 0) throw new Error(`the Redis at ${this.variable('REDIS_URL')} is not of this cluster`);
    await end(servers, 0);
  }

  /** Starts Redis again, empty. */
  async startRedis(): Promise<void> {
    await startRedis({ ...foldersOf(this.description), ledger: this.ledger, ...this.redis });
  }

  /** Takes everything down; only the process that started the cluster can, for others it does nothing. */
  async stop(): Promise<void> {
    await this.takeDown();
  }

  private get ledger(): Ledger {
    return new Ledger(this.description.ledger);
  }

  private get redis(): { address: string; port: number } {
    const { hostname, port } = new URL(this.variable('REDIS_URL'));
    return { address: hostname, port: Number(port) };
  }

  private variable(name: string): string {
    return this.env[name] ?? '';
  }

  private async signalRegistry(name: NodeJS.Signals): Promise<void> {
    const registries = this.ledger.processes().filter((each) => each.name === 'registry');
    await Promise.all(registries.map((registry) => signal(registry, name)));
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
