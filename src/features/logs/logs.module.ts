import { Module } from '@nestjs/common';
import { LogFeeds } from './log-feeds.js';
import { LogsService } from './logs.service.js';

@Module({ providers: [LogFeeds, LogsService], exports: [LogsService] })
export class LogsModule {}
