import { Module } from '@nestjs/common';
import { LogsService } from './logs.service.js';
import { Tides } from './tides.js';

@Module({ providers: [LogsService, Tides], exports: [LogsService] })
export class LogsModule {}
