import { createHash } from 'node:crypto';
import type { Host } from '../../domain/host/host.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import type { RegisteredInstance, Registration, ServiceRegistry } from '../../ports/service-registry.js';
import { checkOf } from './check-definition.js';
import type { ConsulClients } from './consul-clients.js';
import { addressOf, failingCheck, outputOf, type HealthEntry } from './health-entry.js';
import { watchService } from './watch-service.js';

/** Name of the meta entry by which a registration that stands already is known again. */
const DEFINITION = 'definition';

/** Where instances are registered: in the agent of their own host, which checks them whether Jockey lives or not. */
export class ConsulServiceRegistry implements ServiceRegistry {
  constructor(
    private readonly clients: ConsulClients,
    private readonly consulUrl: string,
  ) {}

  async register(registration: Registration): Promise<void> {
    const { id, service, host, port, tags, meta } = registration;
    const check = checkOf(registration);
    const content = {
      name: service,
      id,
      tags: [...tags],
      address: host.address,
      meta,
      check,
      ...(port === null ? {} : { port }),
    };
    const definition = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
    if (await this.stands(host, id, definition)) return;
    await this.clients.ask(host.agentUrl, (consul) =>
      consul.agent.service.register({ ...content, meta: { ...meta, [DEFINITION]: definition } }),
    );
  }

  async deregister(host: Host, id: string): Promise<void> {
    await this.clients
      .ask(host.agentUrl, (consul) => consul.agent.service.deregister(id))
      .catch((error: unknown) => {
        if (!/unknown service|not found/i.test(sentenceOf(error))) throw error;
      });
  }

  async instances(service: string): Promise<readonly RegisteredInstance[]> {
    const entries = (await this.clients.ask(this.consulUrl, (consul) =>
      consul.health.service({ service }),
    )) as HealthEntry[];
    return entries.map(instanceOf).sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  watch(service: string, onChange: () => void, signal: AbortSignal): void {
    watchService(this.clients, { url: this.consulUrl, service, signal }, onChange);
  }

  /** Writing the same again would set its check back to critical, and take a healthy instance out of traffic. */
  private async stands(host: Host, id: string, definition: string): Promise<boolean> {
    const services = (await this.clients.ask(host.agentUrl, (consul) => consul.agent.service.list())) as Record<
      string,
      { readonly Meta?: Readonly<Record<string, string>> } | undefined
    >;
    return services[id]?.Meta?.[DEFINITION] === definition;
  }
}

function instanceOf(entry: HealthEntry): RegisteredInstance {
  const { ID, Service, Port, Tags, Meta } = entry.Service;
  const own = entry.Checks.find(({ ServiceID }) => ServiceID === ID);
  const failing = failingCheck(entry);
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
    checkOutput: failing ?? (own === undefined ? '' : outputOf(own)),
  };
}
