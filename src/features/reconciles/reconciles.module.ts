import { Module } from '@nestjs/common';
import { ObservationModule } from '../../observation/observation.module.js';
import { Reconciles } from '../../store/repositories/reconciles.js';
import { LogsModule } from '../logs/logs.module.js';
import { PreviewService } from './preview.service.js';
import { ReconcileViews } from './reconcile-views.js';
import { ReconcilesController } from './reconciles.controller.js';
import { ReconcilesService } from './reconciles.service.js';

@Module({
  imports: [LogsModule, ObservationModule],
  controllers: [ReconcilesController],
  providers: [PreviewService, ReconcileViews, Reconciles, ReconcilesService],
  exports: [ReconcilesService],
})
export class ReconcilesModule {}
