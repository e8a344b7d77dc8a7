import { Module } from '@nestjs/common';
import { Releases } from '../../store/repositories/releases.js';
import { Runs } from '../../store/repositories/runs.js';
import { LogsModule } from '../logs/logs.module.js';
import { ExecsController } from './execs.controller.js';
import { RunOrders } from './run-orders.js';
import { RunsController } from './runs.controller.js';
import { RunsService } from './runs.service.js';

@Module({
  imports: [LogsModule],
  controllers: [ExecsController, RunsController],
  providers: [Releases, RunOrders, Runs, RunsService],
})
export class RunsModule {}
