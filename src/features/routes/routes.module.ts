import { type DynamicModule, Module } from '@nestjs/common';
import { RoutesController } from './routes.controller.js';
import { ROUTING_PATTERN, RoutesService } from './routes.service.js';

@Module({})
export class RoutesModule {
  /** The feature with the pattern of host names; null where none is configured. */
  static forRoot(pattern: string | null): DynamicModule {
    return {
      module: RoutesModule,
      controllers: [RoutesController],
      providers: [{ provide: ROUTING_PATTERN, useValue: pattern }, RoutesService],
    };
  }
}
