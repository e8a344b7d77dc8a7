import { Inject, Injectable } from '@nestjs/common';
import type { Host } from '../domain/host/host.js';
import { LABELS } from '../domain/instance/container-name.js';
import { sentenceOf } from '../domain/kernel/errors.js';
import { CLOCK, type Clock } from '../ports/clock.js';
import { DOCKER_HOSTS, type DockerHosts } from '../ports/docker-hosts.js';
import { HOST_CATALOG, type HostCatalog, type HostPool } from '../ports/host-catalog.js';

/** How the hosts of a pool are. */
export interface PoolPulse {
  readonly pool: HostPool;
  /** How many hosts Consul knows. */
  readonly hosts: number;
  /** What is the matter with each host that cannot be used, in one sentence. */
  readonly problems: readonly string[];
}

/** Feels whether hosts live: what Consul says of them, and whether their Docker answers. */
@Injectable()
export class PoolPulses {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
  ) {}

  /** The pulse of one pool; each host may take so many milliseconds. Throws `unavailable` when Consul is silent. */
  async of(pool: HostPool, patience: number): Promise<PoolPulse> {
    const hosts = await this.catalog.hosts(pool);
    const problems = await Promise.all(hosts.map((host) => this.problemOf(host, pool, patience)));
    return { pool, hosts: hosts.length, problems: problems.filter((problem) => problem !== null) };
  }

  private async problemOf(host: Host, { environment }: HostPool, patience: number): Promise<string | null> {
    if (!host.healthy) return `host ${host.name}: ${host.unhealthyBecause ?? 'its checks fail'}`;
    const answer = this.docker.list(host, { [LABELS.environment]: environment }).then(() => null, sentenceOf);
    const late = new AbortController();
    const silence = this.clock
      .sleep(patience, late.signal)
      .then(() => `host ${host.name}: its Docker did not answer within ${patience} ms`);
    return Promise.race([answer, silence]).finally(() => late.abort());
  }
}
