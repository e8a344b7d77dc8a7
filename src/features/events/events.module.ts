import { Module } from '@nestjs/common';
import { NotificationModule } from '../../notification/notification.module.js';
import { EventBell } from '../../store/event-bell.js';
import { OrderedEvents } from '../../store/repositories/ordered-events.js';
import { EventFeed } from './event-feed.js';
import { EventFollower } from './event-follower.js';
import { EventPages } from './event-pages.js';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';

@Module({
  imports: [NotificationModule],
  controllers: [EventsController],
  providers: [EventBell, EventFeed, EventFollower, EventPages, EventsService, OrderedEvents],
})
export class EventsModule {}
