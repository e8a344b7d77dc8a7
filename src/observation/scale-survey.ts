import { Inject, Injectable } from '@nestjs/common';
import type { ScaleReading, ScaleSnapshot } from '../domain/autoscale/scale-snapshot.js';
import type { Host } from '../domain/host/host.js';
import { sentenceOf } from '../domain/kernel/errors.js';
import type { ScaleMetric } from '../domain/worker/worker-scaling.js';
import { CLOCK, type Clock } from '../ports/clock.js';
import { DOCKER_HOSTS, type ContainerUsage, type DockerHosts } from '../ports/docker-hosts.js';
import { HOST_CATALOG, type HostCatalog } from '../ports/host-catalog.js';
import { METRIC_SOURCE, type MetricSource } from '../ports/metric-source.js';
import { type MeasurableInstance, type ScalingFacts, ScalingFactsReads } from '../store/repositories/scaling-facts.js';
import type { ScalingRule } from '../store/repositories/worker-scalings.js';
import { scheduleInForce } from './schedule-times.js';

/** A rule, and what was decided by it before; a rule that is only tried has nothing behind it. */
export interface SurveyedRule extends ScalingRule {
  readonly workerId: string;
  readonly lowerSince: Date | null;
  readonly scaledAt: Date | null;
}

/** Instances that start, or that Docker says nothing of. */
const UNKNOWN = null;

/** Measures what a scale is decided from. What cannot be had is said in the snapshot; only Postgres may make it fail. */
@Injectable()
export class ScaleSurvey {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    @Inject(METRIC_SOURCE) private readonly metrics: MetricSource,
    private readonly facts: ScalingFactsReads,
  ) {}

  /** Looks now. Throws `not_found` where the worker is gone. */
  async take(rule: SurveyedRule, signal: AbortSignal): Promise<ScaleSnapshot> {
    const facts = await this.facts.of(rule.workerId);
    const began = this.clock.now();
    const reading = rule.metric === null ? null : await this.read(rule.metric, facts, signal);
    const now = facts.now + Math.max(0, this.clock.now() - began);
    return {
      now,
      current: facts.scale,
      minScale: rule.minScale,
      maxScale: rule.maxScale,
      scheduled: scheduleInForce(rule.schedules, now),
      metric: rule.metric,
      reading,
      deploy: facts.deploy,
      lowerSince: rule.lowerSince?.getTime() ?? null,
      scaledAt: rule.scaledAt?.getTime() ?? null,
      scaleInAfterSeconds: rule.scaleInAfterSeconds,
      coolDownSeconds: rule.coolDownSeconds,
    };
  }

  private async read(metric: ScaleMetric, facts: ScalingFacts, signal: AbortSignal): Promise<ScaleReading> {
    try {
      if (metric.kind === 'cpu' || metric.kind === 'memory') return await this.measure(metric.kind, facts);
      const question = { kind: metric.kind, url: metric.url ?? '', query: metric.query ?? '' };
      return { kind: 'total', value: await this.metrics.read(question, signal), at: facts.now };
    } catch (error) {
      return { kind: 'none', because: sentence(error) };
    }
  }

  private async measure(kind: 'cpu' | 'memory', facts: ScalingFacts): Promise<ScaleReading> {
    if (facts.instances.length === 0) return { kind: 'none', because: 'No instance runs that could be measured.' };
    const list = await this.catalog.hosts({ stack: facts.stack, environment: facts.environment });
    const hosts = new Map(list.map((host) => [host.name, host]));
    const shares = await Promise.all(
      facts.instances.map(async (each) => {
        const usage = await this.usageOf(each, hosts.get(each.host));
        return usage === UNKNOWN ? UNKNOWN : shareOf(kind, usage, each);
      }),
    );
    const percents = shares.filter((share) => share !== UNKNOWN);
    // A scale that was just raised has instances that are not planned yet.
    const missing = Math.max(facts.scale, shares.length) - percents.length;
    return { kind: 'shares', percents, missing, at: facts.now };
  }

  private async usageOf(
    { healthy, containerName }: MeasurableInstance,
    host: Host | undefined,
  ): Promise<ContainerUsage | null> {
    if (!healthy || host?.healthy !== true) return UNKNOWN;
    return this.docker.usage(host, containerName).catch(() => UNKNOWN);
  }
}

/** Percent of what the instance reserves. */
function shareOf(kind: 'cpu' | 'memory', usage: ContainerUsage, { cpus, memoryMb }: MeasurableInstance): number {
  return 100 * (kind === 'cpu' ? usage.cpus / cpus : usage.memoryMb / memoryMb);
}

function sentence(error: unknown): string {
  const words = sentenceOf(error);
  return words.endsWith('.') ? words : `${words}.`;
}
