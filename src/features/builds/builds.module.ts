import { Module } from '@nestjs/common';
import { BuildProgress } from '../../store/repositories/build-progress.js';
import { Builds } from '../../store/repositories/builds.js';
import { CancelBuild } from '../../store/repositories/cancel-build.js';
import { LogsModule } from '../logs/logs.module.js';
import { ObservationModule } from '../../observation/observation.module.js';
import { BuildPreviewsController } from './build-previews.controller.js';
import { BuildPreviews } from './build-previews.service.js';
import { BuildQueueController } from './build-queue.controller.js';
import { BuildQueueService } from './build-queue.service.js';
import { BuildsController } from './builds.controller.js';
import { BuildsService } from './builds.service.js';
import { CommitFinder } from './commit-finder.js';

@Module({
  imports: [LogsModule, ObservationModule],
  controllers: [BuildPreviewsController, BuildQueueController, BuildsController],
  providers: [BuildPreviews, BuildProgress, BuildQueueService, Builds, BuildsService, CancelBuild, CommitFinder],
  exports: [CommitFinder],
})
export class BuildsModule {}
