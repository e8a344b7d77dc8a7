import { Module } from '@nestjs/common';
import { AppsController } from './apps.controller.js';
import { AppsService } from './apps.service.js';
import { AvailableNodeService } from './available-node.service.js';

@Module({ controllers: [AppsController], providers: [AppsService, AvailableNodeService] })
export class AppsModule {}
