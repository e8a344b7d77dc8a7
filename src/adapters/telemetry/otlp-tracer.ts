import {
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import type { Span, SpanFacts, SpanStart, Tracer } from '../../ports/tracer.js';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/** So long the last spans may take to go out when the process stops, in milliseconds. */
const LAST_MOMENT = 3_000;

/** Where traces go, and how many. */
export interface TraceOptions {
  /** Base of an OTLP receiver over HTTP: `http://collector:4318`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly service: string;
  /** Share of the traces that begin here, 0 to 1; for those that began elsewhere it is decided there. */
  readonly share: number;
}

/** Hands spans to an OpenTelemetry receiver, in batches. */
export class OtlpTracer implements Tracer {
  private readonly provider: BasicTracerProvider;
  private readonly tracer: OtelTracer;

  constructor({ endpoint, headers, service, share }: TraceOptions) {
    const exporter = new OTLPTraceExporter({
      url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
      headers: { ...headers },
    });
    this.provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
      spanProcessors: [new BatchSpanProcessor(exporter, { exportTimeoutMillis: LAST_MOMENT })],
    });
    this.tracer = this.provider.getTracer('jockey');
  }

  begin({ name, kind, parent, facts = {}, at }: SpanStart): Span {
    const options = { kind: KINDS[kind], attributes: { ...facts }, ...(at === undefined ? {} : { startTime: at }) };
    return new OtlpSpan(this.tracer.startSpan(name, options, contextOf(parent)));
  }

  async close(): Promise<void> {
    await this.provider.shutdown().catch(() => undefined);
  }
}

class OtlpSpan implements Span {
  constructor(private readonly span: OtelSpan) {}

  /** https://www.w3.org/TR/trace-context/#traceparent-header */
  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  tell(facts: SpanFacts, name?: string): void {
    this.span.setAttributes({ ...facts });
    if (name !== undefined) this.span.updateName(name);
  }

  end(fault: string | null = null): void {
    if (fault !== null) this.span.setStatus({ code: SpanStatusCode.ERROR, message: fault });
    this.span.end();
  }
}

function contextOf(parent: string | null): Context {
  const known = parent === null ? null : parseTraceParent(parent);
  if (known === null || !isSpanContextValid(known)) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { ...known, isRemote: true });
}
