import { Module } from '@nestjs/common';
import { Builds } from '../../store/repositories/builds.js';
import { LogsModule } from '../logs/logs.module.js';
import { BuildsController } from './builds.controller.js';
import { BuildsService } from './builds.service.js';

@Module({ imports: [LogsModule], controllers: [BuildsController], providers: [BuildsService, Builds] })
export class BuildsModule {}
