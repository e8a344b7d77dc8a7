import { Module } from '@nestjs/common';
import { NotificationTargets } from '../store/repositories/notification-targets.js';
import { EventStories } from './event-stories.js';
import { Poster } from './poster.js';
import { TargetSender } from './target-sender.js';

const ALL = [EventStories, NotificationTargets, Poster, TargetSender];

/** How others are told of events: for the engine, which does, and for the API, which tries it. */
@Module({ providers: ALL, exports: ALL })
export class NotificationModule {}
