import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { headersOf } from '../../config/trace-settings.js';
import { NO_TRACES, TRACER, type Tracer } from '../../ports/tracer.js';

/** Gives {@link TRACER}, and hands on the last spans when the process stops. */
@Module({
  providers: [{ provide: TRACER, inject: [Environment], useFactory: tracerOf }],
  exports: [TRACER],
})
export class TelemetryModule implements OnApplicationShutdown {
  constructor(@Inject(TRACER) private readonly tracer: Tracer) {}

  async onApplicationShutdown(): Promise<void> {
    await this.tracer.close();
  }
}

/** OpenTelemetry is loaded by those alone who want it. */
async function tracerOf(settings: Environment): Promise<Tracer> {
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return NO_TRACES;
  const { OtlpTracer } = await import('./otlp-tracer.js');
  return new OtlpTracer({
    endpoint,
    headers: headersOf(settings.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
    service: settings.OTEL_SERVICE_NAME,
    share: settings.OTEL_TRACES_SAMPLER_ARG,
  });
}
