import type { Host } from '../../domain/host/host.js';
import type { RegisteredInstance, Registration, ServiceRegistry } from '../../ports/service-registry.js';
import { wordsOf, type ConsulClients } from './consul-clients.js';
import { addressOf, failingChecks, outputOf, type HealthEntry } from './health-entry.js';
import { DEFINITION, serviceOf, type ServiceDefinition } from './service-definition.js';
import { watchService } from './watch-service.js';

/** Longest output of a check that is kept, in characters. */
const LONGEST_OUTPUT = 500;

/** A service as an agent shows it, as far as it is looked at. */
interface AgentService {
  readonly Address: string;
  readonly Port: number;
  readonly Meta?: Readonly<Record<string, string>> | null;
}

type AgentServices = Readonly<Record<string, AgentService | undefined>>;

/** Where instances are registered: in the agent of their own host, which checks them whether Jockey lives or not. */
export class ConsulServiceRegistry implements ServiceRegistry {
  constructor(
    private readonly clients: ConsulClients,
    private readonly consulUrl: string,
  ) {}

  async register(registration: Registration): Promise<void> {
    const { id, host } = registration;
    const service = serviceOf(registration);
    const question = { url: host.agentUrl, host: host.name, to: `register ${id}` };
    await this.clients.ask(question, async (consul) => {
      const services = (await consul.agent.service.list({ filter: `ID == "${id}"` })) as AgentServices;
      const there = services[id];
      // Writing the same again would begin its check anew.
      if (there?.Meta?.[DEFINITION] === service.meta[DEFINITION]) return;
      // The agent carries a check's status over to what follows under the same id, but at another place nothing is proven.
      if (there !== undefined && !isAt(there, service)) await consul.agent.service.deregister(id);
      await consul.agent.service.register(service);
    });
  }

  async deregister(host: Host, id: string): Promise<void> {
    const question = { url: host.agentUrl, host: host.name, to: `take out ${id}` };
    await this.clients.ask(question, async (consul) => {
      try {
        await consul.agent.service.deregister(id);
      } catch (error) {
        if (!/unknown service/i.test(wordsOf(error))) throw error;
      }
    });
  }

  async instances(service: string): Promise<readonly RegisteredInstance[]> {
    const question = { url: this.consulUrl, to: `list the instances of ${service}` };
    const entries = await this.clients.ask(question, (consul) => consul.health.service({ service }));
    return (entries as HealthEntry[]).map(instanceOf).sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  watch(service: string, onChange: () => void, signal: AbortSignal): void {
    watchService(this.clients, { url: this.consulUrl, service, signal }, onChange);
  }
}

function isAt({ Address, Port }: AgentService, { address, port }: ServiceDefinition): boolean {
  return Address === address && Port === (port ?? 0);
}

/** An instance as the domain sees it, without what the adapter keeps in its meta for itself. */
export function instanceOf(entry: HealthEntry): RegisteredInstance {
  const { ID, Service, Port, Tags, Meta } = entry.Service;
  const own = entry.Checks.find(({ ServiceID }) => ServiceID === ID);
  const failing = failingChecks(entry, LONGEST_OUTPUT);
  const { [DEFINITION]: _definition, ...meta } = Meta ?? {};
  return {
    id: ID,
    service: Service,
    node: entry.Node.Node,
    address: addressOf(entry),
    port: Port === 0 ? null : Port,
    tags: Tags ?? [],
    meta,
    check: failing === null ? 'passing' : 'critical',
    checkOutput: failing ?? (own === undefined ? '' : outputOf(own, LONGEST_OUTPUT)),
  };
}
