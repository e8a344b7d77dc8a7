import { applyDecorators, Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Bare } from '../../http/answer/envelope.interceptor.js';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import { Public } from '../../http/auth/public.decorator.js';
import { Describe, plainText } from '../../http/openapi/describe.decorator.js';
import { MetricsService } from './metrics.service.js';

const Metrics = (): MethodDecorator =>
  applyDecorators(
    Describe({
      summary: 'Show figures for Prometheus: builds, deploys, instances, hosts, deliveries, and the API itself',
      about:
        'In its text format. Those of the installation come from Postgres: every process gives the same. Those of the ' +
        'process are its own: how long its answers took, and who answers it. A group that cannot be read is left out, and ' +
        'jockey_collector_up says so. With METRICS_PUBLIC it needs no token.',
      answer: plainText('# TYPE jockey_builds_waiting gauge\njockey_builds_waiting 2\n'),
    }),
    Bare(),
    Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8'),
  );

/** The figures for who has a token. */
@ApiTags('metrics')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly figures: MetricsService) {}

  @Needs('read', everywhere)
  @Metrics()
  @Get()
  getMetrics(): Promise<string> {
    return this.figures.text();
  }
}

/** The figures for everybody who reaches Jockey. */
@ApiTags('metrics')
@Controller('metrics')
export class PublicMetricsController {
  constructor(private readonly figures: MetricsService) {}

  @Public()
  @Metrics()
  @Get()
  getMetrics(): Promise<string> {
    return this.figures.text();
  }
}
