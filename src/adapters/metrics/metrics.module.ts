import { Module } from '@nestjs/common';
import { METRIC_SOURCE } from '../../ports/metric-source.js';
import { HttpMetricSource } from './http-metric-source.js';

/** Gives {@link METRIC_SOURCE}; calls go out by the OutboundHttp of the same process. */
@Module({ providers: [{ provide: METRIC_SOURCE, useClass: HttpMetricSource }], exports: [METRIC_SOURCE] })
export class MetricsModule {}
