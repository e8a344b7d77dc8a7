import { Module } from '@nestjs/common';
import { Builds } from '../../store/repositories/builds.js';
import { LogsModule } from '../logs/logs.module.js';
import { BuildsController } from './builds.controller.js';
import { BuildsService } from './builds.service.js';
import { CommitFinder } from './commit-finder.js';

@Module({
  imports: [LogsModule],
  controllers: [BuildsController],
  providers: [Builds, BuildsService, CommitFinder],
  exports: [CommitFinder],
})
export class BuildsModule {}
