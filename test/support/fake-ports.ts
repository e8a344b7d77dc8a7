import type { Host, Resources } from '../../src/domain/host/host.js';
import { DomainError, unavailable } from '../../src/domain/kernel/errors.js';
import { SHA } from '../../src/domain/kernel/names.js';
import type { ContainerDetail, ContainerSeen, ContainerUsage, DockerHosts } from '../../src/ports/docker-hosts.js';
import type { HostCatalog, HostPool } from '../../src/ports/host-catalog.js';
import type { RegisteredInstance, ServiceRegistry } from '../../src/ports/service-registry.js';
import type { ResolvedRef, SourceCode, SourceListing, SourceLocation } from '../../src/ports/source-code.js';
import type { Trigger, WorkQueue } from '../../src/ports/work-queue.js';

/** Keeps what was sent. */
export class FakeQueue implements WorkQueue {
  readonly sent: Trigger[] = [];
  failing: Error | null = null;

  async send(trigger: Trigger): Promise<void> {
    this.sent.push(trigger);
  }

  receive(): void {}

  async ping(): Promise<void> {
    if (this.failing !== null) throw this.failing;
  }

  async close(): Promise<void> {}
}

/** Hosts by pool, `STACK/ENVIRONMENT`. */
export class FakeHosts implements HostCatalog {
  readonly pools = new Map<string, readonly Host[]>();
  failing: Error | null = null;

  async hosts(pool: HostPool): Promise<readonly Host[]> {
    if (this.failing !== null) throw this.failing;
    return this.pools.get(`${pool.stack}/${pool.environment}`) ?? [];
  }

  async environmentsOf(stack: string): Promise<readonly string[]> {
    if (this.failing !== null) throw this.failing;
    return [...this.pools.keys()].filter((key) => key.startsWith(`${stack}/`)).map((key) => key.split('/')[1] ?? '');
  }

  watch(): void {}
}

/** Containers by host. It is looked at alone: nothing that is asked over HTTP changes a container. */
export class FakeDocker implements DockerHosts {
  readonly containers = new Map<string, readonly ContainerSeen[]>();
  readonly images = new Map<string, ReadonlySet<string>>();
  /** Names of hosts that refuse connections. */
  readonly silent = new Set<string>();
  /** Names of hosts that take a connection and never answer. */
  readonly hanging = new Set<string>();

  async capacity(host: Host): Promise<Resources> {
    await this.reach(host);
    return { memoryMb: 4096, cpus: 2 };
  }

  async list(host: Host, labels: Readonly<Record<string, string>>): Promise<readonly ContainerSeen[]> {
    await this.reach(host);
    const own = this.containers.get(host.name) ?? [];
    return own.filter((each) => Object.entries(labels).every(([name, value]) => each.labels[name] === value));
  }

  async inspect(host: Host, name: string): Promise<ContainerDetail | null> {
    await this.reach(host);
    const found = this.containers.get(host.name)?.find((each) => each.name === name);
    return found === undefined ? null : { ...found, exitCode: null, outOfMemory: false, restarts: 0 };
  }

  async hasImage(host: Host, image: string): Promise<boolean> {
    return this.images.get(host.name)?.has(image) === true;
  }

  /** What each container uses, by its name. */
  readonly uses = new Map<string, ContainerUsage>();

  async usage(host: Host, name: string): Promise<ContainerUsage | null> {
    await this.reach(host);
    return this.uses.get(name) ?? null;
  }

  async lastLines(host: Host): Promise<readonly string[]> {
    await this.reach(host);
    return [];
  }

  watch(): void {}

  pull = changesNothing;
  start = changesNothing;
  keepRunning = changesNothing;
  remove = changesNothing;
  build = changesNothing;
  push = changesNothing;

  private async reach({ name }: Host): Promise<void> {
    if (this.silent.has(name)) throw unavailable(`host ${name}`, 'connect ECONNREFUSED');
    if (this.hanging.has(name)) await new Promise<never>(() => undefined);
  }
}

async function changesNothing(): Promise<never> {
  throw new Error('the API looks at Docker and changes nothing');
}

/** Instances by service. */
export class FakeRegistry implements ServiceRegistry {
  readonly services = new Map<string, readonly RegisteredInstance[]>();
  failing: Error | null = null;

  async register(): Promise<void> {}

  async deregister(): Promise<void> {}

  async instances(service: string): Promise<readonly RegisteredInstance[]> {
    if (this.failing !== null) throw this.failing;
    return this.services.get(service) ?? [];
  }

  watch(): void {}
}

/** Commits by `repo ref`, or for every repository by `ref`. */
export class FakeSource implements SourceCode {
  readonly commits = new Map<string, string>();
  /** Texts of the files of every commit, by path. */
  readonly files = new Map<string, string>([['Dockerfile', 'FROM scratch']]);

  async resolve(source: SourceLocation, ref: string): Promise<ResolvedRef> {
    const sha = this.commits.get(`${source.repo} ${ref}`) ?? this.commits.get(ref);
    if (sha === undefined) throw new DomainError('unprocessable_entity', `${source.repo} has no ref "${ref}".`);
    return { sha, branch: SHA.test(ref) ? null : ref };
  }

  async archive(): Promise<never> {
    throw new Error('no test of the API reads files of a commit');
  }

  async listing(): Promise<SourceListing> {
    const { files } = this;
    return {
      names: async (folder) => (folder === '.' ? [...files.keys()].sort() : null),
      read: async (path) => files.get(path) ?? null,
    };
  }
}

/** A healthy host. */
export function aHost(name: string, change: Partial<Host> = {}): Host {
  return {
    name,
    address: '10.0.0.1',
    dockerUrl: 'http://10.0.0.1:2375',
    machine: null,
    agentUrl: 'http://10.0.0.1:8500',
    healthy: true,
    unhealthyBecause: null,
    capacity: { memoryMb: 4096, cpus: 2 },
    ...change,
  };
}
