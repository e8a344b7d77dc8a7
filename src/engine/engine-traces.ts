import { Inject, Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { InstanceStep } from '../domain/instance/plan-instance.js';
import { NO_TRACES, type Span, type SpanFacts, TRACER, traced, type Tracer } from '../ports/tracer.js';
import { BuildRow, DeployRow } from '../store/entities/index.js';
import type { AppEnvironment } from '../store/repositories/app-environments.js';

/** The work of an engine as spans: part of the request that asked for it, which may have come hours before. */
@Injectable()
export class EngineTraces {
  constructor(
    private readonly dataSource: DataSource,
    @Optional() @Inject(TRACER) private readonly tracer: Tracer = NO_TRACES,
  ) {}

  /** Begins a step: part of the deploy in progress; a trace of its own where the engine mends by itself. */
  stepOf({ app, environment, rollout }: AppEnvironment, { kind, instance }: InstanceStep): Span {
    const { spec, slot, host, containerName } = instance;
    return this.tracer.begin({
      ...{ name: `step ${kind}`, kind: 'internal', parent: rollout?.traceparent ?? null },
      facts: {
        ...{ 'jockey.app': app.name, 'jockey.environment': environment, 'jockey.deploy': instance.deployId },
        ...{ 'jockey.worker': spec.name, 'jockey.slot': slot, 'jockey.host': host },
        'container.name': containerName,
      },
    });
  }

  /** After a look: when the deploy that was in progress has ended by it, all of it is a span, from the asking on. */
  async afterLook({ app, environment, rollout }: AppEnvironment): Promise<void> {
    if (this.tracer === NO_TRACES || rollout === null || rollout.traceparent === null) return;
    const deploy = await this.dataSource.manager.findOneBy(DeployRow, { id: rollout.id });
    if (deploy === null || deploy.outcome === null || deploy.completedAt === null) return;
    const span = this.tracer.begin({
      ...{ name: 'deploy', kind: 'internal', parent: deploy.traceparent, at: deploy.createdAt },
      facts: {
        ...{ 'jockey.app': app.name, 'jockey.environment': environment, 'jockey.deploy': deploy.id },
        ...{ 'jockey.outcome': deploy.outcome, 'jockey.kind': deploy.kind },
      },
    });
    span.end(deploy.outcome === 'succeeded' ? null : deploy.outcome);
  }

  /** One attempt at a build. */
  async attempt<T>(
    { build, app, host }: { readonly build: BuildRow; readonly app: string; readonly host: string | null },
    run: () => Promise<T>,
    faultOf: (end: T) => string | null,
  ): Promise<T> {
    const facts = { 'jockey.app': app, 'jockey.build': build.id, ...(host === null ? {} : { 'jockey.host': host }) };
    const span = this.tracer.begin({ name: 'build attempt', kind: 'internal', parent: build.traceparent, facts });
    return traced(span, run, faultOf);
  }

  /** Something that goes out about a build or a deploy; the receiver is told of the span. */
  outgoing(name: string, parent: string | null, facts: SpanFacts): Span {
    return this.tracer.begin({ name, kind: 'client', parent, facts });
  }
}
