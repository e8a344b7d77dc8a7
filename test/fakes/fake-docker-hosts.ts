import { LABELS } from '../../src/domain/instance/container-name.js';
import type { Host, Resources } from '../../src/domain/host/host.js';
import { DomainError } from '../../src/domain/kernel/errors.js';
import type {
  ContainerDetail,
  ContainerEvent,
  ContainerSeen,
  ContainerSpec,
  ContainerUsage,
  DockerHosts,
} from '../../src/ports/docker-hosts.js';
import { refused, registrySilent } from './fake-refusals.js';
import { repositoryOf, type FakeContainer, type FakeMachine, type FakeWorld } from './fake-world.js';

/** The Docker engines of a {@link FakeWorld}. */
export class FakeDockerHosts implements DockerHosts {
  constructor(private readonly world: FakeWorld) {}

  async capacity(host: Host): Promise<Resources> {
    return (await this.reach(host, 'capacity', '')).resources;
  }

  async list(host: Host, labels: Readonly<Record<string, string>>): Promise<readonly ContainerSeen[]> {
    const machine = await this.reach(host, 'list', Object.values(labels).join(' '));
    return [...machine.containers.values()]
      .filter(({ spec }) => LABELS.app in spec.labels)
      .filter(({ spec }) => Object.entries(labels).every(([name, value]) => spec.labels[name] === value))
      .map((container) => this.seen(container));
  }

  async inspect(host: Host, name: string): Promise<ContainerDetail | null> {
    const container = (await this.reach(host, 'inspect', name)).containers.get(name);
    return container === undefined ? null : this.detail(container);
  }

  async hasImage(host: Host, image: string): Promise<boolean> {
    return this.reach(host, 'hasImage', image).then(
      ({ images }) => images.has(image),
      () => false,
    );
  }

  async pull(host: Host, image: string): Promise<void> {
    const machine = await this.reach(host, 'pull', image);
    if (machine.images.has(image)) return;
    if (!this.world.registryAnswers) throw registrySilent(host, image);
    const there = [...this.world.registry].some(([tag, digest]) => image === `${repositoryOf(tag)}@${digest}`);
    if (!there) throw refused(`host ${host.name} could not pull ${image}: manifest unknown`);
    machine.images.add(image);
  }

  async start(host: Host, spec: ContainerSpec): Promise<ContainerDetail> {
    const machine = await this.reach(host, 'start', spec.name);
    const found = machine.containers.get(spec.name);
    if (found !== undefined) refuseForeign(host, found);
    if (found === undefined && !machine.images.has(spec.image))
      throw refused(`Docker on host ${host.name} could not create ${spec.name}: No such image: ${spec.image}`);
    const container = found ?? this.world.put(host.name, spec);
    this.claimPort(machine, container);
    if (!this.world.lifeOf(container).running) this.world.begin(host.name, container);
    return this.detail(container);
  }

  async keepRunning(host: Host, name: string): Promise<void> {
    const machine = await this.reach(host, 'keep running', name);
    if (!machine.containers.has(name)) throw refused(`Docker on host ${host.name} has no container ${name}`);
  }

  async remove(host: Host, name: string, graceSeconds: number): Promise<void> {
    const machine = await this.reach(host, 'remove', `${name} after ${graceSeconds} s`);
    const found = machine.containers.get(name);
    if (found === undefined) return;
    refuseForeign(host, found);
    const { running } = this.world.lifeOf(found);
    machine.containers.delete(name);
    found.startedAt = null;
    if (running) this.world.tell(host.name, found, 'die');
    this.world.tell(host.name, found, 'destroy');
    this.world.changed();
  }

  async lastLines(host: Host, name: string, count: number): Promise<readonly string[]> {
    const container = (await this.reach(host, 'lastLines', name)).containers.get(name);
    return count === 0 ? [] : (container?.fate.lines.slice(-count) ?? []);
  }

  async usage(host: Host, name: string): Promise<ContainerUsage | null> {
    const container = (await this.reach(host, 'usage', name)).containers.get(name);
    if (container === undefined || !this.world.lifeOf(container).running) return null;
    return this.world.usageOf(container.spec, host);
  }

  watch(host: Host, onEvent: (event: ContainerEvent) => void, signal: AbortSignal): void {
    this.world.onEvent(host.name, onEvent, signal);
  }

  private async reach(host: Host, method: string, about: string): Promise<FakeMachine> {
    await this.world.ask({ method: `docker.${method}`, host: host.name, about });
    return this.world.machine(host.name);
  }

  private claimPort(machine: FakeMachine, container: FakeContainer): void {
    const port = container.spec.publish?.hostPort;
    if (port === undefined || this.world.lifeOf(container).running) return;
    const others = [...machine.containers.values()].filter((each) => each !== container);
    const taken = others.some((each) => each.spec.publish?.hostPort === port && this.world.lifeOf(each).running);
    if (!taken && !machine.foreignPorts.has(port)) return;
    machine.containers.delete(container.spec.name);
    throw new DomainError('conflict', `port ${port} of host ${machine.host.name} is taken by something else`);
  }

  private seen(container: FakeContainer): ContainerSeen {
    const { running } = this.world.lifeOf(container);
    const { name, labels, publish } = container.spec;
    return {
      id: container.id,
      name,
      state: running ? 'running' : 'exited',
      labels,
      hostPort: running ? (publish?.hostPort ?? null) : null,
    };
  }

  private detail(container: FakeContainer): ContainerDetail {
    const { running, ended } = this.world.lifeOf(container);
    const { exitCode, outOfMemory, restarts } = container.fate;
    return {
      ...this.seen(container),
      hostPort: container.spec.publish?.hostPort ?? null,
      exitCode: ended && !running ? exitCode : null,
      outOfMemory: ended && outOfMemory,
      restarts: ended ? restarts : 0,
    };
  }
}

function refuseForeign(host: Host, { spec }: FakeContainer): void {
  if (LABELS.app in spec.labels) return;
  throw new DomainError('forbidden', `${spec.name} on host ${host.name} was not made by Jockey and is left alone`);
}
