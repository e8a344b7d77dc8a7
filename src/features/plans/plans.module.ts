import { Module } from '@nestjs/common';
import { ObservationModule } from '../../observation/observation.module.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import { DeployContent } from '../../store/repositories/deploy-content.js';
import { BuildsModule } from '../builds/builds.module.js';
import { Rooms } from '../../store/repositories/rooms.js';
import { ConfigPlans } from './config-plans.service.js';
import { PlansController } from './plans.controller.js';
import { PlansService } from './plans.service.js';
import { PoolPlans } from './pool-plans.service.js';
import { ReconcilePlans } from './reconcile-plans.service.js';
import { RolloutPlans } from './rollout-plans.service.js';

@Module({
  imports: [BuildsModule, ObservationModule],
  controllers: [PlansController],
  providers: [
    AppEnvironments,
    ConfigPlans,
    DeployContent,
    PlansService,
    PoolPlans,
    ReconcilePlans,
    RolloutPlans,
    Rooms,
  ],
})
export class PlansModule {}
