import { Module } from '@nestjs/common';
import { ReconcilesModule } from '../reconciles/reconciles.module.js';
import { RestartsController } from './restarts.controller.js';
import { RestartsService } from './restarts.service.js';
import { WorkerInstancesService } from './worker-instances.service.js';
import { WorkerSuggestions } from './worker-suggestions.service.js';
import { WorkersController } from './workers.controller.js';
import { WorkersService } from './workers.service.js';

@Module({
  imports: [ReconcilesModule],
  // Restarts go first: PUT /workers/restart is no worker of that name.
  controllers: [RestartsController, WorkersController],
  providers: [RestartsService, WorkerInstancesService, WorkerSuggestions, WorkersService],
})
export class WorkersModule {}
