import { type DynamicModule, Module } from '@nestjs/common';
import { Releases } from '../../store/repositories/releases.js';
import { Runs } from '../../store/repositories/runs.js';
import { LogsModule } from '../logs/logs.module.js';
import { RunConnections } from './run-connection.js';
import { RunConsoleController } from './run-console.controller.js';
import { ExecsController } from './execs.controller.js';
import { RUN_LIMITS, type RunLimits } from './run-limits.js';
import { RunOrders } from './run-orders.js';
import { RunsController } from './runs.controller.js';
import { RunsService } from './runs.service.js';

@Module({
  imports: [LogsModule],
  controllers: [ExecsController, RunConsoleController, RunsController],
  providers: [Releases, RunConnections, RunOrders, Runs, RunsService],
})
export class RunsModule {
  /** With what the operator allows. */
  static forRoot(limits: RunLimits): DynamicModule {
    return { module: RunsModule, providers: [{ provide: RUN_LIMITS, useValue: limits }] };
  }
}
