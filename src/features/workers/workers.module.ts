import { Module } from '@nestjs/common';
import { WorkerInstancesService } from './worker-instances.service.js';
import { WorkersController } from './workers.controller.js';
import { WorkersService } from './workers.service.js';

@Module({ controllers: [WorkersController], providers: [WorkerInstancesService, WorkersService] })
export class WorkersModule {}
