import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { BUILD_OUTCOMES } from '../../domain/build/build-lifecycle.js';
import { BuildQueueLook } from '../../observation/build-queue-look.js';
import { BuildQueue } from '../../store/repositories/build-queue.js';

/** The figures of the builds for Prometheus. They are read from Postgres, so that every process gives the same. */
@Injectable()
export class MetricsService {
  constructor(
    private readonly queue: BuildQueue,
    private readonly observed: BuildQueueLook,
  ) {}

  /** In the text format of Prometheus, as they are now. */
  async text(): Promise<string> {
    const registry = new Registry();
    await Promise.all([this.addQueue(registry), this.addPace(registry), this.addEnds(registry)]);
    return registry.metrics();
  }

  private async addQueue(registry: Registry): Promise<void> {
    const { running, waiting, hosts } = await this.observed.look();
    gauge(registry, { name: 'jockey_builds_waiting', help: 'Builds that wait for their turn.' }).set(waiting.length);
    gauge(registry, { name: 'jockey_builds_running', help: 'Builds that run, on all hosts.' }).set(running.length);
    const onHost = gauge(registry, {
      ...{ name: 'jockey_builds_running_on_host', help: 'Builds that run on a host.' },
      labelNames: ['host'],
    });
    const takes = gauge(registry, {
      ...{ name: 'jockey_build_host_up', help: '1 where a host gets builds, 0 where not.' },
      labelNames: ['host'],
    });
    for (const host of hosts) {
      onHost.set({ host: host.name }, host.running);
      takes.set({ host: host.name }, host.whyNot === null ? 1 : 0);
    }
  }

  private async addPace(registry: Registry): Promise<void> {
    const { waitP50, waitP95 } = await this.queue.pace();
    const help = 'Seconds that builds which began within 24 hours had waited.';
    const wait = gauge(registry, { name: 'jockey_build_wait_seconds', help, labelNames: ['quantile'] });
    if (waitP50 !== null) wait.set({ quantile: '0.5' }, waitP50);
    if (waitP95 !== null) wait.set({ quantile: '0.95' }, waitP95);
  }

  private async addEnds(registry: Registry): Promise<void> {
    const help = 'Seconds that builds which settled within 24 hours took from their first beginning.';
    const ran = gauge(registry, { name: 'jockey_build_duration_seconds', help, labelNames: ['outcome', 'quantile'] });
    const settled = new Counter({
      name: 'jockey_builds_settled_total',
      help: 'Builds that have settled, by how they did.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of BUILD_OUTCOMES) settled.inc({ outcome }, 0);
    for (const { outcome, count, ranP50, ranP95 } of await this.queue.ends()) {
      settled.inc({ outcome }, count);
      if (ranP50 !== null) ran.set({ outcome, quantile: '0.5' }, ranP50);
      if (ranP95 !== null) ran.set({ outcome, quantile: '0.95' }, ranP95);
    }
  }
}

function gauge<T extends string>(
  registry: Registry,
  of: { readonly name: string; readonly help: string; readonly labelNames?: T[] },
): Gauge<T> {
  return new Gauge({ ...of, registers: [registry] });
}
