import { Module } from '@nestjs/common';
import { LogsModule } from '../logs/logs.module.js';
import { AppLogsController } from './app-logs.controller.js';
import { AppLogsService } from './app-logs.service.js';
import { OutputReader } from './output-reader.js';
import { PrintingInstances } from './printing-instances.js';

@Module({
  imports: [LogsModule],
  controllers: [AppLogsController],
  providers: [AppLogsService, OutputReader, PrintingInstances],
})
export class AppLogsModule {}
