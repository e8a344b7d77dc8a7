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
      summary: 'Show figures for Prometheus: the queue of builds, their waiting, durations and ends',
      about:
        'In its text format. The figures come from Postgres, so it is enough to ask one process. With METRICS_PUBLIC it ' +
        'needs no token.',
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
