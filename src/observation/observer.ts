import { Inject, Injectable } from '@nestjs/common';
import type { Host } from '../domain/host/host.js';
import { LABELS } from '../domain/instance/container-name.js';
import type { Instance, Observation } from '../domain/instance/instance.js';
import type { ObservedInstance } from '../domain/instance/plan-instance.js';
import { serviceName, standbyServiceName } from '../domain/kernel/names.js';
import { TOO_MANY_FAILURES } from '../domain/placement/placement.js';
import type { HostStanding } from '../domain/reconcile/reconcile-snapshot.js';
import { CLOCK, type Clock } from '../ports/clock.js';
import { DOCKER_HOSTS, type ContainerDetail, type ContainerSeen, type DockerHosts } from '../ports/docker-hosts.js';
import { HOST_CATALOG, type HostCatalog } from '../ports/host-catalog.js';
import { SERVICE_REGISTRY, type RegisteredInstance, type ServiceRegistry } from '../ports/service-registry.js';
import { Redactors } from '../store/redactors.js';
import { type HostLoad, HostLoads, NO_LOAD } from '../store/repositories/host-loads.js';
import type { AppEnvironment } from '../store/repositories/app-environments.js';
import { CheckAnswers } from './check-answers.js';

/** A container or a Consul entry with the labels of this app and environment that no row knows. */
export interface Stray {
  readonly host: Host;
  readonly name: string;
}

/** What the world says of an app in an environment, beside what Postgres says. */
export interface Observed {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly instances: readonly ObservedInstance[];
  readonly strays: readonly Stray[];
  /** Names of the hosts whose Docker did not say what is on them. */
  readonly silent: readonly string[];
  /** How each host stands, those too that Consul has forgotten and that something of this app is on. */
  readonly standings: ReadonlyMap<string, HostStanding>;
}

/** How long the Docker of a host that Consul holds for lost may take to answer, in milliseconds. */
const LOST_HOST_PATIENCE = 1_000;

/** Looks at Docker and Consul. What does not answer is `unknown`, never absent. */
@Injectable()
export class Observer {
  /** Lost hosts that still owe an answer. */
  private readonly unanswered = new Set<string>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    @Inject(SERVICE_REGISTRY) private readonly registry: ServiceRegistry,
    private readonly loads: HostLoads,
    private readonly answers: CheckAnswers,
    private readonly redactors: Redactors,
  ) {}

  /**
   * Reads all hosts of the pool side by side. Throws `unavailable` only when Consul does not say which hosts there are.
   * With `patience`, in milliseconds, no host is waited for any longer.
   */
  async observe(state: AppEnvironment, patience?: number): Promise<Observed> {
    const list = await this.catalog.hosts({ stack: state.stack, environment: state.environment });
    const hosts = new Map(list.map((host) => [host.name, host]));
    const [containers, entries, loads] = await Promise.all([
      this.containers(state, list, patience),
      this.cleanEntries(state),
      this.loads.read(state.app.id),
    ]);
    const instances = await Promise.all(
      state.instances.map(async (instance) => ({
        instance,
        seen: await this.observeOne(
          { instance, host: hosts.get(instance.host) ?? null },
          { containers, entries, app: state.app.name },
        ),
      })),
    );
    const names = [...hosts.keys(), ...state.instances.map(({ host }) => host)];
    const standings = standingsOf(names, hosts, loads);
    const silent = [...containers].flatMap(([name, found]) => (found === null ? [name] : []));
    return { hosts, instances, strays: strays(state, hosts, { containers, entries }), silent, standings };
  }

  private async containers(state: AppEnvironment, hosts: readonly Host[], patience?: number): Promise<Containers> {
    const labels = { [LABELS.app]: state.app.name, [LABELS.environment]: state.environment };
    const lists = await Promise.all(
      hosts.map(async (host) => {
        const limit = host.healthy ? patience : Math.min(LOST_HOST_PATIENCE, patience ?? LOST_HOST_PATIENCE);
        return [host.name, await this.listOf(host, labels, limit)] as const;
      }),
    );
    return new Map(lists);
  }

  /** Of a host that Consul holds for lost, an answer is not long waited for: everything else would wait with it. */
  private async listOf(host: Host, labels: Labels, limit?: number): Promise<readonly ContainerSeen[] | null> {
    if (!host.healthy && this.unanswered.has(host.name)) return null;
    const list = this.docker.list(host, labels).catch(() => null);
    if (limit === undefined) return list;
    if (!host.healthy) this.remember(host.name, list);
    const late = new AbortController();
    const silence = this.clock.sleep(limit, late.signal).then(() => null);
    return Promise.race([list, silence]).finally(() => late.abort());
  }

  /** A lost host that has not answered the last question is not asked the next: each look would wait for it anew. */
  private remember(host: string, list: Promise<unknown>): void {
    this.unanswered.add(host);
    void list.finally(() => this.unanswered.delete(host));
  }

  /** What checks say is what containers say: their secrets are taken out before anybody keeps it. */
  private async cleanEntries(state: AppEnvironment): Promise<Entries> {
    const [entries, redactor] = await Promise.all([this.entries(state), this.redactors.of(state.key)]);
    const clean = (entry: RegisteredInstance) => ({ ...entry, checkOutput: redactor.quote(entry.checkOutput) });
    return new Map([...entries].map(([service, list]) => [service, list?.map(clean) ?? null]));
  }

  private async entries(state: AppEnvironment): Promise<Entries> {
    const { app, instances, workers } = state;
    const services = new Set([
      ...instances.map(({ spec }) => serviceName(app.name, spec.name)),
      ...workers.map(({ spec }) => serviceName(app.name, spec.name)),
      ...instances.filter(({ standby }) => standby).map(({ spec }) => standbyServiceName(app.name, spec.name)),
    ]);
    const lists = await Promise.all(
      [...services].map(
        async (service) => [service, await this.registry.instances(service).catch(() => null)] as const,
      ),
    );
    return new Map(lists);
  }

  private async observeOne(of: { instance: Instance; host: Host | null }, world: World): Promise<Observation> {
    const { instance, host } = of;
    const list = world.containers.get(instance.host) ?? null;
    const entries = world.entries.get(serviceOf(instance, world.app)) ?? null;
    const entry = entries?.find(({ id }) => id === instance.containerName);
    const found = list?.find(({ name }) => name === instance.containerName);
    if (instance.state === 'started') this.answers.note(instance.containerName, entry?.checkOutput ?? null);
    const detail = await this.look({ instance, host, found, entry });
    return {
      container: list === null ? 'unknown' : (found?.state ?? 'absent'),
      hostLostBecause: hostLost(host),
      exitCode: detail?.exitCode ?? null,
      outOfMemory: detail?.outOfMemory ?? false,
      restarts: detail?.restarts ?? 0,
      check: entries === null ? 'unknown' : (entry?.check ?? 'absent'),
      checkOutput: entry?.checkOutput ?? null,
    };
  }

  /** Looks closely where it decides something: at one that ended, and at one that is about to be believed. */
  private async look(of: Closeness): Promise<ContainerDetail | null> {
    const { instance, host, found, entry } = of;
    if (found === undefined || host === null || instance.state !== 'started') return null;
    if (found.state === 'running' && entry?.check !== 'passing') return null;
    return this.docker.inspect(host, instance.containerName).catch(() => null);
  }
}

type Labels = Readonly<Record<string, string>>;

/** By host; null where the host does not answer. */
type Containers = ReadonlyMap<string, readonly ContainerSeen[] | null>;
/** By service; null where Consul does not answer. */
type Entries = ReadonlyMap<string, readonly RegisteredInstance[] | null>;

interface World {
  readonly containers: Containers;
  readonly entries: Entries;
  /** Name of the app. */
  readonly app: string;
}

interface Closeness {
  readonly instance: Instance;
  readonly host: Host | null;
  readonly found: ContainerSeen | undefined;
  readonly entry: RegisteredInstance | undefined;
}

function hostLost(host: Host | null): string | null {
  if (host === null) return 'Consul does not know it any more';
  return host.healthy ? null : (host.unhealthyBecause ?? 'its checks fail');
}

function serviceOf({ spec, standby }: Instance, app: string): string {
  return standby ? standbyServiceName(app, spec.name) : serviceName(app, spec.name);
}

function standingsOf(
  names: readonly string[],
  hosts: ReadonlyMap<string, Host>,
  loads: ReadonlyMap<string, HostLoad>,
): ReadonlyMap<string, HostStanding> {
  return new Map(
    [...new Set(names)].map((name) => {
      const host = hosts.get(name);
      const load = loads.get(name) ?? NO_LOAD;
      const { lostSince, draining, cordoned, capacity, reserved, recentFailures } = load;
      const gone = isGone(host, load);
      const takes = !gone && host?.healthy === true && !cordoned && !draining && recentFailures < TOO_MANY_FAILURES;
      return [
        name,
        { lostSince, known: host !== undefined, gone, draining, takes, capacity: host?.capacity ?? capacity, reserved },
      ];
    }),
  );
}

/** A node of the same name that says of another machine, or of none, that it is it, and is well, is another host. */
function isGone(host: Host | undefined, { goneMachine = null }: HostLoad): boolean {
  if (goneMachine === null) return false;
  return host === undefined || !host.healthy || host.machine === goneMachine;
}

/** Commands that are run once have rows of their own, and who runs them removes their containers. */
const withoutRuns = (list: readonly ContainerSeen[]): readonly ContainerSeen[] =>
  list.filter(({ labels }) => labels[LABELS.run] === undefined);

function strays(state: AppEnvironment, hosts: ReadonlyMap<string, Host>, world: Omit<World, 'app'>): Stray[] {
  const known = new Set(state.instances.map(({ containerName }) => containerName));
  if (state.rollout?.releaseCommand != null) known.add(state.rollout.releaseCommand.containerName);
  const found = [...world.containers].flatMap(([host, list]) =>
    withoutRuns(list ?? []).map(({ name }) => ({ host, name })),
  );
  const registered = [...world.entries.values()]
    .flatMap((list) => list ?? [])
    .filter(({ meta }) => meta['environment'] === state.environment && meta['app'] === state.app.name)
    .map(({ id, node }) => ({ host: node, name: id }));
  const unknown = new Map([...found, ...registered].map((each) => [`${each.host}/${each.name}`, each]));
  return [...unknown.values()].flatMap(({ host, name }) => {
    const at = hosts.get(host);
    return known.has(name) || at === undefined ? [] : [{ host: at, name }];
  });
}
