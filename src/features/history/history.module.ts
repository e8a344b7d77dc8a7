import { Module } from '@nestjs/common';
import { DeployHistory } from '../../store/repositories/deploy-history.js';
import { HistoryController } from './history.controller.js';
import { HistoryService } from './history.service.js';

@Module({ controllers: [HistoryController], providers: [DeployHistory, HistoryService] })
export class HistoryModule {}
