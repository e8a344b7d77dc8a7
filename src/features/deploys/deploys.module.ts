import { Module } from '@nestjs/common';
import { DeployFactsReader } from '../../store/repositories/deploy-facts.js';
import { Deploys } from '../../store/repositories/deploys.js';
import { BuildsModule } from '../builds/builds.module.js';
import { LogsModule } from '../logs/logs.module.js';
import { DeployOrders } from './deploy-orders.js';
import { DeployViews } from './deploy-views.js';
import { DeploysController } from './deploys.controller.js';
import { DeploysService } from './deploys.service.js';
import { ExplainController } from './explain.controller.js';
import { ExplainService } from './explain.service.js';

@Module({
  imports: [BuildsModule, LogsModule],
  controllers: [DeploysController, ExplainController],
  providers: [DeployFactsReader, DeployOrders, Deploys, DeploysService, DeployViews, ExplainService],
  exports: [DeployOrders, DeploysService],
})
export class DeploysModule {}
