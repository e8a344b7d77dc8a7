import { Module } from '@nestjs/common';
import { Deploys } from '../../store/repositories/deploys.js';
import { BuildsModule } from '../builds/builds.module.js';
import { LogsModule } from '../logs/logs.module.js';
import { DeploysController } from './deploys.controller.js';
import { DeploysService } from './deploys.service.js';

@Module({ imports: [BuildsModule, LogsModule], controllers: [DeploysController], providers: [Deploys, DeploysService] })
export class DeploysModule {}
