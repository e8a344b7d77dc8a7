import { type DynamicModule, Module } from '@nestjs/common';
import { ObservationModule } from '../../observation/observation.module.js';
import { FigureReader } from '../../store/figures/figure-reader.js';
import { PlaceFigures } from '../../store/figures/place-figures.js';
import { RunFigures } from '../../store/figures/run-figures.js';
import { WorkFigures } from '../../store/figures/work-figures.js';
import { HealthModule } from '../health/health.module.js';
import { BuildQueueCollector } from './collectors/build-queue.collector.js';
import { DeliveriesCollector } from './collectors/deliveries.collector.js';
import { HostsCollector } from './collectors/hosts.collector.js';
import { PlacesCollector } from './collectors/places.collector.js';
import { ProcessCollector } from './collectors/process.collector.js';
import { RunsCollector } from './collectors/runs.collector.js';
import { WorkCollector } from './collectors/work.collector.js';
import type { Collector } from './figure.js';
import { MetricsController, PublicMetricsController } from './metrics.controller.js';
import { COLLECTORS, MetricsService } from './metrics.service.js';

/** In the order in which they are read: what needs no Postgres comes first. */
const COLLECTOR_CLASSES = [
  ProcessCollector,
  BuildQueueCollector,
  WorkCollector,
  RunsCollector,
  PlacesCollector,
  HostsCollector,
  DeliveriesCollector,
];

@Module({})
export class MetricsModule {
  /** The figures, for those with a token or for everybody. */
  static forRoot(isPublic: boolean): DynamicModule {
    return {
      module: MetricsModule,
      imports: [HealthModule, ObservationModule],
      controllers: [isPublic ? PublicMetricsController : MetricsController],
      providers: [
        FigureReader,
        PlaceFigures,
        RunFigures,
        WorkFigures,
        ...COLLECTOR_CLASSES,
        { provide: COLLECTORS, inject: COLLECTOR_CLASSES, useFactory: (...all: Collector[]) => all },
        MetricsService,
      ],
    };
  }
}
