import { type DynamicModule, Module } from '@nestjs/common';
import { ObservationModule } from '../../observation/observation.module.js';
import { MetricsController, PublicMetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';

@Module({})
export class MetricsModule {
  /** The figures, for those with a token or for everybody. */
  static forRoot(isPublic: boolean): DynamicModule {
    return {
      module: MetricsModule,
      imports: [ObservationModule],
      controllers: [isPublic ? PublicMetricsController : MetricsController],
      providers: [MetricsService],
    };
  }
}
