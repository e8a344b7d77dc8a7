import { type DynamicModule, Module } from '@nestjs/common';
import { ObservationModule } from '../../observation/observation.module.js';
import { HostJoinsController } from './host-joins.controller.js';
import { HostJoinsService, JOIN_SETTINGS, type JoinSettings } from './host-joins.service.js';
import { MachineGate } from './machine-gate.js';

/** How machines become hosts. */
@Module({})
export class HostJoinsModule {
  /** The feature with what hosts are given. */
  static forRoot(settings: JoinSettings): DynamicModule {
    return {
      module: HostJoinsModule,
      imports: [ObservationModule],
      controllers: [HostJoinsController],
      providers: [{ provide: JOIN_SETTINGS, useValue: settings }, HostJoinsService, MachineGate],
    };
  }
}
