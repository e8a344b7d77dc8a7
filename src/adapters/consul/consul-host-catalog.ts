import type { Host, Resources } from '../../domain/host/host.js';
import { hostServiceName } from '../../domain/kernel/names.js';
import type { HostCatalog, HostPool } from '../../ports/host-catalog.js';
import type { ConsulClients } from './consul-clients.js';
import { addressOf, failingChecks, type HealthEntry } from './health-entry.js';
import { watchService } from './watch-service.js';

/** Where Consul and the hosts' own parts are reached. */
export interface HostAddresses {
  /** HTTP API of a Consul server or agent. */
  readonly consulUrl: string;
  /** Port of the Consul agent on each host. */
  readonly agentPort: number;
  /** Port of Docker on each host. */
  readonly dockerPort: number;
  readonly dockerTls: boolean;
}

/** Longest reason for a host's bad health, in characters: it stands in lists of hosts. */
const LONGEST_REASON = 200;

/**
 * The hosts that Consul knows: nodes of the service `jockey-STACK-ENVIRONMENT`. A node may say in the service's meta
 * what it has (`memory_mb`, `cpus`), which machine of a group it is (`machine`) and where its parts are, if not at the usual ports (`docker_endpoint`, `agent_endpoint`).
 */
export class ConsulHostCatalog implements HostCatalog {
  constructor(
    private readonly clients: ConsulClients,
    private readonly addresses: HostAddresses,
  ) {}

  async hosts({ stack, environment }: HostPool): Promise<readonly Host[]> {
    const service = hostServiceName(stack, environment);
    const question = { url: this.addresses.consulUrl, to: `list the hosts of ${service}` };
    const entries = await this.clients.ask(question, (consul) => consul.health.service({ service }));
    return oneANode((entries as HealthEntry[]).map((entry) => hostOf(entry, this.addresses)));
  }

  async environmentsOf(stack: string): Promise<readonly string[]> {
    const question = { url: this.addresses.consulUrl, to: `list the environments of stack ${stack}` };
    const services = await this.clients.ask(question, (consul) => consul.catalog.service.list());
    const prefix = hostServiceName(stack, '');
    return Object.keys(services as Record<string, unknown>)
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .sort();
  }

  watch({ stack, environment }: HostPool, onChange: () => void, signal: AbortSignal): void {
    const service = hostServiceName(stack, environment);
    watchService(this.clients, { url: this.addresses.consulUrl, service, signal }, onChange);
  }
}

/** A node of the pool as the domain sees it. */
export function hostOf(entry: HealthEntry, addresses: HostAddresses): Host {
  const meta = entry.Service.Meta ?? {};
  const address = addressOf(entry);
  const failing = failingChecks(entry, LONGEST_REASON);
  const docker = `${addresses.dockerTls ? 'https' : 'http'}://${address}:${addresses.dockerPort}`;
  return {
    name: entry.Node.Node,
    address,
    dockerUrl: meta['docker_endpoint'] ?? docker,
    agentUrl: meta['agent_endpoint'] ?? `http://${address}:${addresses.agentPort}`,
    healthy: failing === null,
    unhealthyBecause: failing,
    capacity: capacityOf(meta),
    machine: meta['machine'] ?? null,
  };
}

/** A node that serves the pool twice is one host all the same, and what is wrong with either is wrong with it. */
function oneANode(hosts: readonly Host[]): readonly Host[] {
  const byName = new Map<string, Host>();
  for (const host of hosts) if (byName.get(host.name)?.healthy !== false) byName.set(host.name, host);
  return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function capacityOf(meta: Readonly<Record<string, string>>): Resources | null {
  const memoryMb = Number(meta['memory_mb']);
  const cpus = Number(meta['cpus']);
  return memoryMb > 0 && cpus > 0 ? { memoryMb, cpus } : null;
}
