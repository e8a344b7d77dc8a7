import { Module } from '@nestjs/common';
import { NotificationModule } from '../../notification/notification.module.js';
import { NotificationTargetViews } from './notification-target-views.js';
import { NotificationTargetsController } from './notification-targets.controller.js';
import { NotificationTargetsService } from './notification-targets.service.js';

@Module({
  imports: [NotificationModule],
  controllers: [NotificationTargetsController],
  providers: [NotificationTargetViews, NotificationTargetsService],
})
export class NotificationTargetsModule {}
