import type { Host, Resources } from '../../domain/host/host.js';
import { hostServiceName } from '../../domain/kernel/names.js';
import type { HostCatalog, HostPool } from '../../ports/host-catalog.js';
import type { ConsulClients } from './consul-clients.js';
import { addressOf, failingCheck, type HealthEntry } from './health-entry.js';
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

/**
 * The hosts that Consul knows: nodes of the service `jockey-STACK-ENVIRONMENT`. A node may say in the service's meta
 * what it has (`memory_mb`, `cpus`) and where its parts are, if not at the usual ports (`docker_endpoint`, `agent_endpoint`).
 */
export class ConsulHostCatalog implements HostCatalog {
  constructor(
    private readonly clients: ConsulClients,
    private readonly addresses: HostAddresses,
  ) {}

  async hosts({ stack, environment }: HostPool): Promise<readonly Host[]> {
    const service = hostServiceName(stack, environment);
    const { consulUrl } = this.addresses;
    const entries = (await this.clients.ask(consulUrl, (consul) =>
      consul.health.service({ service }),
    )) as HealthEntry[];
    return entries.map((entry) => hostOf(entry, this.addresses)).sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async environmentsOf(stack: string): Promise<readonly string[]> {
    const services = await this.clients.ask(this.addresses.consulUrl, (consul) => consul.catalog.service.list());
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
  const failing = failingCheck(entry);
  const docker = `${addresses.dockerTls ? 'https' : 'http'}://${address}:${addresses.dockerPort}`;
  return {
    name: entry.Node.Node,
    address,
    dockerUrl: meta['docker_endpoint'] ?? docker,
    agentUrl: meta['agent_endpoint'] ?? `http://${address}:${addresses.agentPort}`,
    healthy: failing === null,
    unhealthyBecause: failing,
    capacity: capacityOf(meta),
  };
}

function capacityOf(meta: Readonly<Record<string, string>>): Resources | null {
  const memoryMb = Number(meta['memory_mb']);
  const cpus = Number(meta['cpus']);
  return memoryMb > 0 && cpus > 0 ? { memoryMb, cpus } : null;
}
