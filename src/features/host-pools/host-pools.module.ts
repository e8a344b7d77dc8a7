import { Module } from '@nestjs/common';
import { HostOffers } from '../../observation/host-offers.js';
import { ObservationModule } from '../../observation/observation.module.js';
import { PoolHistory } from '../../store/repositories/pool-history.js';
import { PoolWrites } from '../../store/repositories/pool-writes.js';
import { ScalingSwitch } from '../../store/repositories/scaling-switch.js';
import { HostPoolsController } from './host-pools.controller.js';
import { HostPoolsService } from './host-pools.service.js';
import { PoolDrafts } from './pool-drafts.js';
import { PoolGroups } from './pool-groups.js';
import { PoolHistoryController } from './pool-history.controller.js';
import { PoolHistoryService } from './pool-history.service.js';
import { PoolPreviewsController } from './pool-previews.controller.js';
import { PoolPreviewsService } from './pool-previews.service.js';
import { ScalingController } from './scaling.controller.js';
import { ScalingService } from './scaling.service.js';

@Module({
  imports: [ObservationModule],
  controllers: [PoolPreviewsController, HostPoolsController, PoolHistoryController, ScalingController],
  providers: [
    HostOffers,
    HostPoolsService,
    PoolDrafts,
    PoolGroups,
    PoolHistory,
    PoolHistoryService,
    PoolPreviewsService,
    PoolWrites,
    ScalingService,
    ScalingSwitch,
  ],
})
export class HostPoolsModule {}
