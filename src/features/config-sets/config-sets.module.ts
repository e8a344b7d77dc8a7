import { Module } from '@nestjs/common';
import { ConfigSetsController } from './config-sets.controller.js';
import { ConfigSetsService } from './config-sets.service.js';

@Module({ controllers: [ConfigSetsController], providers: [ConfigSetsService] })
export class ConfigSetsModule {}
