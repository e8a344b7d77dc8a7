import { Module } from '@nestjs/common';
import { Releases } from '../../store/repositories/releases.js';
import { DeploysModule } from '../deploys/deploys.module.js';
import { ReleasesController } from './releases.controller.js';
import { ReleasesService } from './releases.service.js';
import { RollbacksController } from './rollbacks.controller.js';
import { RollbacksService } from './rollbacks.service.js';

@Module({
  imports: [DeploysModule],
  controllers: [ReleasesController, RollbacksController],
  providers: [Releases, ReleasesService, RollbacksService],
})
export class ReleasesModule {}
