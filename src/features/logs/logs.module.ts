import { Module } from '@nestjs/common';
import { LogFeeds } from './log-feeds.js';
import { LogPages } from './log-pages.js';
import { LogsService } from './logs.service.js';

@Module({ providers: [LogFeeds, LogPages, LogsService], exports: [LogsService] })
export class LogsModule {}
