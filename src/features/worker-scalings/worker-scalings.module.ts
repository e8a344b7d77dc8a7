import { Module } from '@nestjs/common';
import { ObservationModule } from '../../observation/observation.module.js';
import { WorkerScalingsController } from './worker-scalings.controller.js';
import { WorkerScalingsService } from './worker-scalings.service.js';

@Module({
  imports: [ObservationModule],
  controllers: [WorkerScalingsController],
  providers: [WorkerScalingsService],
})
export class WorkerScalingsModule {}
