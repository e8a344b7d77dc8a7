import type { Host } from '../../src/domain/host/host.js';
import { hostServiceName } from '../../src/domain/kernel/names.js';
import type { HostCatalog, HostPool } from '../../src/ports/host-catalog.js';
import type { FakeMachine, FakeWorld } from './fake-world.js';

/** The machines of a {@link FakeWorld} as hosts. */
export class FakeHostCatalog implements HostCatalog {
  constructor(private readonly world: FakeWorld) {}

  async hosts({ stack, environment }: HostPool): Promise<readonly Host[]> {
    await this.world.ask({ method: 'catalog.hosts', host: null, about: `${stack}/${environment}` });
    return [...this.world.machines.values()]
      .filter(({ pools }) => pools.includes(`${stack}/${environment}`))
      .map(hostOf)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async environmentsOf(stack: string): Promise<readonly string[]> {
    await this.world.ask({ method: 'catalog.environmentsOf', host: null, about: stack });
    const prefix = hostServiceName(stack, '');
    return this.world
      .poolServices()
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .sort();
  }

  watch(_pool: HostPool, onChange: () => void, signal: AbortSignal): void {
    this.world.onChange(onChange, signal);
  }
}

function hostOf({ host, unhealthyBecause }: FakeMachine): Host {
  return { ...host, healthy: unhealthyBecause === null, unhealthyBecause };
}
