import { Module } from '@nestjs/common';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import { DeploysModule } from '../deploys/deploys.module.js';
import { ConfigHistoryService } from './config-history.service.js';
import { ConfigRolls } from './config-rolls.service.js';
import { ConfigSetsController } from './config-sets.controller.js';
import { ConfigSetsService } from './config-sets.service.js';

@Module({
  imports: [DeploysModule],
  controllers: [ConfigSetsController],
  providers: [AppEnvironments, ConfigHistoryService, ConfigRolls, ConfigSetsService],
})
export class ConfigSetsModule {}
