import { Module } from '@nestjs/common';
import { ObservationModule } from '../../observation/observation.module.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import { PendingChangesReader } from '../../store/repositories/pending-changes.js';
import { DriftController } from './drift.controller.js';
import { DriftService } from './drift.service.js';

@Module({
  imports: [ObservationModule],
  controllers: [DriftController],
  providers: [AppEnvironments, DriftService, PendingChangesReader],
})
export class DriftModule {}
