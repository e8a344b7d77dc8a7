import { createHash } from 'node:crypto';
import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import type { ProcessType } from '../../src/domain/build/process-type.js';
import type { Host, Resources } from '../../src/domain/host/host.js';
import { LABELS } from '../../src/domain/instance/container-name.js';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { hostServiceName } from '../../src/domain/kernel/names.js';
import type { Clock } from '../../src/ports/clock.js';
import type { BuildpacksBuild, ImageBuild } from '../../src/ports/build-hosts.js';
import type { ContainerEvent, ContainerSpec, ContainerUsage } from '../../src/ports/docker-hosts.js';
import type { Registration } from '../../src/ports/service-registry.js';
import { FakeHostGroups } from './fake-host-groups.js';
import { FakeHostNotices } from './fake-host-notices.js';

/** What becomes of a container; a test says it per spec. Times in milliseconds after the start. */
export interface Fate {
  /** When its check passes; null: never. */
  readonly healthyAfter: number | null;
  /** When it ends; null: it keeps running. */
  readonly endsAfter: number | null;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** How often Docker's restart policy has brought it back after it ended; above 0 it runs on, else it stays exited. */
  readonly restarts: number;
  /** What it prints. */
  readonly lines: readonly string[];
  /** What its check says while it does not pass. */
  readonly checkOutput: string;
}

/** A container that works: healthy at once, running for ever. */
export const WORKS: Fate = {
  healthyAfter: 0,
  endsAfter: null,
  exitCode: 0,
  outOfMemory: false,
  restarts: 0,
  lines: [],
  checkOutput: 'connection refused',
};

/** What becomes of a build: what it prints, and with what sentence it fails; null: it does not. */
export interface BuildFate {
  readonly lines: readonly string[];
  readonly failure: string | null;
}

/** A container of the world. */
export interface FakeContainer {
  readonly id: string;
  readonly spec: ContainerSpec;
  fate: Fate;
  /** Null before its start, and after its stop. */
  startedAt: number | null;
}

/** A machine of the world. */
export interface FakeMachine {
  readonly host: Host;
  /** The pools that it is in, `STACK/ENVIRONMENT`. */
  readonly pools: readonly string[];
  readonly resources: Resources;
  /** False: neither its Docker nor its agent answers. */
  answers: boolean;
  /** Why Consul holds it for unhealthy; null: it does not. */
  unhealthyBecause: string | null;
  readonly containers: Map<string, FakeContainer>;
  /** Tags and digests. */
  readonly images: Set<string>;
  /** Ports that programs besides Docker listen on. */
  readonly foreignPorts: Set<number>;
  readonly registrations: Map<string, { readonly registration: Registration; readonly at: number }>;
}

/** One question to the world, for tests that look back or interfere. */
export interface Call {
  readonly method: string;
  readonly host: string | null;
  /** The container, image or service that it was about. */
  readonly about: string;
}

type Listener = () => void;

/**
 * Machines with Docker and a Consul agent, a Consul and a registry, all in memory. {@link FakeDockerHosts},
 * {@link FakeHostCatalog} and {@link FakeServiceRegistry} look at the same one, so a container that was started and
 * registered gets healthy by itself when its fate says so.
 */
export class FakeWorld {
  readonly machines = new Map<string, FakeMachine>();
  /** Digests by tag, as the registry holds them. */
  readonly registry = new Map<string, string>();
  /** Containers of buildpacks that are there, `host/name`. */
  readonly buildContainers = new Set<string>();
  /** All that was asked, oldest first. */
  readonly calls: Call[] = [];
  consulAnswers = true;
  registryAnswers = true;
  /** What becomes of the next started container. */
  fateOf: (spec: ContainerSpec, host: Host) => Partial<Fate> = () => ({});
  /** What a running container uses; nothing is known of one without. */
  usageOf: (spec: ContainerSpec, host: Host) => ContainerUsage | null = () => ({ cpus: 0, memoryMb: 1 });
  /** What becomes of the next build. */
  buildFateOf: (build: ImageBuild, host: Host) => BuildFate = () => ({ lines: [], failure: null });
  /** What becomes of the next build by buildpacks, and what processes it finds. */
  buildpacksFateOf: (build: BuildpacksBuild, host: Host) => BuildFate & { readonly processTypes: ProcessType[] } =
    () => ({ lines: [], failure: null, processTypes: [] });
  /** Runs before every question: may wait, or throw in its place. */
  before: (call: Call) => Promise<void> | void = () => undefined;

  private readonly changeListeners = new Set<Listener>();
  private readonly eventListeners = new Map<string, Set<(event: ContainerEvent) => void>>();
  private ids = 0;

  /** What the cloud says about machines. */
  readonly notices = new FakeHostNotices();
  /** The cloud; its machines become hosts of the world where a test says so. */
  readonly groups: FakeHostGroups;

  constructor(readonly clock: Clock = new SystemClock()) {
    this.groups = new FakeHostGroups(this.notices, clock);
  }

  /** The same once more, as it is now; who listens to the one does not hear of the other. */
  copy(): FakeWorld {
    const copy = new FakeWorld(this.clock);
    for (const [name, machine] of this.machines) copy.machines.set(name, copyOf(machine));
    for (const [tag, digest] of this.registry) copy.registry.set(tag, digest);
    copy.fateOf = this.fateOf;
    copy.ids = this.ids;
    return copy;
  }

  /** Adds a healthy machine. */
  addHost(name: string, options: { pools?: readonly string[]; resources?: Resources } = {}): Host {
    const number = this.machines.size + 1;
    const resources = options.resources ?? { memoryMb: 4096, cpus: 4 };
    const address = `10.1.0.${number}`;
    const host: Host = {
      name,
      address,
      dockerUrl: `http://${address}:2375`,
      machine: null,
      agentUrl: `http://${address}:8500`,
      healthy: true,
      unhealthyBecause: null,
      capacity: resources,
    };
    this.machines.set(name, {
      host,
      pools: options.pools ?? ['api/production'],
      resources,
      answers: true,
      unhealthyBecause: null,
      containers: new Map(),
      images: new Set(),
      foreignPorts: new Set(),
      registrations: new Map(),
    });
    this.changed();
    return host;
  }

  /** The machine of this name, whether it answers or not. */
  machine(name: string): FakeMachine {
    const machine = this.machines.get(name);
    if (machine === undefined) throw new Error(`the world has no host ${name}`);
    return machine;
  }

  /** Switches a host off: nothing of it answers, and Consul says so. Its containers go on, unseen. */
  cut(name: string): void {
    const machine = this.machine(name);
    machine.answers = false;
    this.setUnhealthy(name, 'Serf Health Status: Agent not live or unreachable');
  }

  /** Switches it on again. */
  mend(name: string): void {
    this.machine(name).answers = true;
    this.setUnhealthy(name, null);
  }

  /** Lets a check of the host fail, or pass again with null. */
  setUnhealthy(name: string, because: string | null): void {
    this.machine(name).unhealthyBecause = because;
    this.changed();
  }

  /** Puts an image into the registry; answers it by digest. */
  publish(tag: string): string {
    const digest = digestOf(tag);
    this.registry.set(tag, digest);
    return `${repositoryOf(tag)}@${digest}`;
  }

  /** A container of somebody else on the host. */
  addForeign(host: string, name: string): void {
    this.put(host, {
      name,
      image: 'somebody/else:1',
      command: [],
      env: {},
      labels: {},
      resources: { memoryMb: 16, cpus: 0.1 },
      publish: null,
      stopGraceSeconds: 0,
      stopSignal: 'SIGTERM',
    }).startedAt = this.clock.now();
  }

  /** Makes a container, not started. */
  put(host: string, spec: ContainerSpec): FakeContainer {
    const machine = this.machine(host);
    const id = String((this.ids += 1)).padStart(64, '0');
    const fate = { ...WORKS, ...this.fateOf(spec, machine.host) };
    const container: FakeContainer = { id, spec, fate, startedAt: null };
    machine.containers.set(spec.name, container);
    return container;
  }

  /** Lets a container vanish from its host, as when somebody removes it by hand. */
  lose(host: string, name: string): void {
    const container = this.machine(host).containers.get(name);
    if (container === undefined) return;
    this.machine(host).containers.delete(name);
    this.tell(host, container, 'destroy');
  }

  /** Changes what becomes of a container from now on: `{ healthyAfter: null }` makes a healthy one sick. */
  alter(host: string, name: string, change: Partial<Fate>): void {
    const container = this.machine(host).containers.get(name);
    if (container === undefined) throw new Error(`host ${host} has no container ${name}`);
    container.fate = { ...container.fate, ...change };
    this.changed();
  }

  /** How far a container has come. */
  lifeOf({ startedAt, fate }: FakeContainer): { readonly running: boolean; readonly ended: boolean } {
    if (startedAt === null) return { running: false, ended: false };
    const ended = fate.endsAfter !== null && this.clock.now() - startedAt >= fate.endsAfter;
    return { running: !ended || fate.restarts > 0, ended };
  }

  /** Whether the check of a registered instance passes now. */
  passes(machine: FakeMachine, { containerName }: Registration): boolean {
    const container = machine.containers.get(containerName);
    if (container === undefined || container.startedAt === null || !machine.answers) return false;
    const { healthyAfter } = container.fate;
    const { running, ended } = this.lifeOf(container);
    return running && !ended && healthyAfter !== null && this.clock.now() - container.startedAt >= healthyAfter;
  }

  /** Notes a question and lets `before` interfere; a host that does not answer throws. */
  async ask(call: Call): Promise<void> {
    this.calls.push(call);
    await this.before(call);
    if (call.host === null && !this.consulAnswers)
      throw unavailable('Consul at http://10.1.0.254:8500', 'connect ECONNREFUSED');
    if (call.host !== null && this.machines.get(call.host)?.answers !== true)
      throw unavailable(`host ${call.host} (${call.method} ${call.about})`, 'connect EHOSTUNREACH');
  }

  /** Notes a question to the registry and lets `before` interfere; whether the registry answers is the asker's to see. */
  async askRegistry(call: Call): Promise<void> {
    this.calls.push(call);
    await this.before(call);
  }

  /** Says that Consul's answers may be others now; and again when the fate of what was started says so. */
  changed(): void {
    for (const listener of [...this.changeListeners]) listener();
  }

  /** Calls back at once and on each change, until aborted. */
  onChange(listener: Listener, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.changeListeners.add(listener);
    signal.addEventListener('abort', () => this.changeListeners.delete(listener), { once: true });
    setImmediate(() => (signal.aborted ? undefined : listener()));
  }

  /** Calls back on each event of our containers on a host, until aborted. */
  onEvent(host: string, listener: (event: ContainerEvent) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    const listeners = this.eventListeners.get(host) ?? new Set();
    this.eventListeners.set(host, listeners.add(listener));
    signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
  }

  /** Tells an event of a container, where it is ours and its host answers. */
  tell(host: string, { spec }: FakeContainer, action: string): void {
    if (!(LABELS.app in spec.labels) || !this.machine(host).answers) return;
    const event = { host, name: spec.name, action, labels: spec.labels };
    for (const listener of [...(this.eventListeners.get(host) ?? [])]) listener(event);
  }

  /** Sets the fate of a started container to work. */
  begin(host: string, container: FakeContainer): void {
    container.startedAt = this.clock.now();
    const { healthyAfter, endsAfter } = container.fate;
    this.tell(host, container, 'start');
    if (healthyAfter !== null) this.later(healthyAfter, () => this.changed());
    if (endsAfter === null) return;
    this.later(endsAfter, () => {
      this.tell(host, container, 'die');
      this.changed();
    });
  }

  /** The services of the host pools, by which the catalog finds environments. */
  poolServices(): readonly string[] {
    const pools = new Set([...this.machines.values()].flatMap((machine) => machine.pools));
    return [...pools].map((pool) => {
      const [stack = '', environment = ''] = pool.split('/');
      return hostServiceName(stack, environment);
    });
  }

  private later(milliseconds: number, run: () => void): void {
    if (milliseconds <= 0) setImmediate(run);
    else void this.clock.sleep(milliseconds).then(run);
  }
}

function copyOf(machine: FakeMachine): FakeMachine {
  return {
    ...machine,
    containers: new Map([...machine.containers].map(([name, container]) => [name, { ...container }])),
    images: new Set(machine.images),
    foreignPorts: new Set(machine.foreignPorts),
    registrations: new Map(machine.registrations),
  };
}

/** The digest under which the registry holds a tag. */
export function digestOf(tag: string): string {
  return `sha256:${createHash('sha256').update(tag).digest('hex')}`;
}

/** `registry/app` of `registry/app:sha`. */
export function repositoryOf(tag: string): string {
  return tag.slice(0, tag.lastIndexOf(':'));
}
