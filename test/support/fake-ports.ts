import type { Host } from '../../src/domain/host/host.js';
import { DomainError } from '../../src/domain/kernel/errors.js';
import type { HostCatalog, HostPool } from '../../src/ports/host-catalog.js';
import type { RegisteredInstance, ServiceRegistry } from '../../src/ports/service-registry.js';
import type { SourceCode, SourceLocation } from '../../src/ports/source-code.js';
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

/** Instances by service. */
export class FakeRegistry implements ServiceRegistry {
  readonly services = new Map<string, readonly RegisteredInstance[]>();

  async register(): Promise<void> {}

  async deregister(): Promise<void> {}

  async instances(service: string): Promise<readonly RegisteredInstance[]> {
    return this.services.get(service) ?? [];
  }

  watch(): void {}
}

/** Commits by `repo ref`, or for every repository by `ref`. */
export class FakeSource implements SourceCode {
  readonly commits = new Map<string, string>();

  async resolve(source: SourceLocation, ref: string): Promise<string> {
    const sha = this.commits.get(`${source.repo} ${ref}`) ?? this.commits.get(ref);
    if (sha === undefined) throw new DomainError('unprocessable_entity', `${source.repo} has no ref "${ref}".`);
    return sha;
  }

  async archive(): Promise<never> {
    throw new Error('no test of the API reads files of a commit');
  }
}

/** A healthy host. */
export function aHost(name: string, change: Partial<Host> = {}): Host {
  return {
    name,
    address: '10.0.0.1',
    dockerUrl: 'http://10.0.0.1:2375',
    agentUrl: 'http://10.0.0.1:8500',
    healthy: true,
    unhealthyBecause: null,
    capacity: { memoryMb: 4096, cpus: 2 },
    ...change,
  };
}
