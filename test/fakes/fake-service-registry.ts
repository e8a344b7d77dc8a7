import type { Host } from '../../src/domain/host/host.js';
import { DomainError } from '../../src/domain/kernel/errors.js';
import type { RegisteredInstance, Registration, ServiceRegistry } from '../../src/ports/service-registry.js';
import type { FakeMachine, FakeWorld } from './fake-world.js';

/** The registrations of a {@link FakeWorld}, whose checks follow the fates of its containers. */
export class FakeServiceRegistry implements ServiceRegistry {
  constructor(private readonly world: FakeWorld) {}

  async register(registration: Registration): Promise<void> {
    const { host, id, check } = registration;
    await this.world.ask({ method: 'registry.register', host: host.name, about: id });
    if (check.kind === 'running' && host.dockerUrl.startsWith('unix:'))
      throw new DomainError('unprocessable_entity', `the Docker API of host ${host.name} must be reachable by TCP`);
    const { registrations } = this.world.machine(host.name);
    registrations.set(id, { registration, at: this.world.clock.now() });
    this.world.changed();
  }

  async deregister(host: Host, id: string): Promise<void> {
    await this.world.ask({ method: 'registry.deregister', host: host.name, about: id });
    if (this.world.machine(host.name).registrations.delete(id)) this.world.changed();
  }

  async instances(service: string): Promise<readonly RegisteredInstance[]> {
    await this.world.ask({ method: 'registry.instances', host: null, about: service });
    return [...this.world.machines.values()]
      .flatMap((machine) =>
        [...machine.registrations.values()]
          .filter(({ registration }) => registration.service === service)
          .map(({ registration }) => this.seen(machine, registration)),
      )
      .sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  watch(_service: string, onChange: () => void, signal: AbortSignal): void {
    this.world.onChange(onChange, signal);
  }

  private seen(machine: FakeMachine, registration: Registration): RegisteredInstance {
    const { id, service, host, port, tags, meta, containerName } = registration;
    const passing = this.world.passes(machine, registration);
    const fate = machine.containers.get(containerName)?.fate;
    return {
      id,
      service,
      node: host.name,
      address: host.address,
      port,
      tags,
      meta,
      check: passing ? 'passing' : 'critical',
      checkOutput: passing ? 'HTTP 200 OK' : (machine.unhealthyBecause ?? fate?.checkOutput ?? 'connection refused'),
    };
  }
}
