import { Module } from '@nestjs/common';
import { Deploys } from '../../store/repositories/deploys.js';
import { LogsModule } from '../logs/logs.module.js';
import { DeploysController } from './deploys.controller.js';
import { DeploysService } from './deploys.service.js';

@Module({ imports: [LogsModule], controllers: [DeploysController], providers: [DeploysService, Deploys] })
export class DeploysModule {}
