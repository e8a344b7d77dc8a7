import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../../http/answer/precondition.js';
import type { Tagged } from '../../http/answer/tagged.js';
import { listed, namedIn, Needs, record } from '../../http/auth/needs.decorator.js';
import { ReadsAgain, WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import {
  CreateNotificationTargetDto,
  ListNotificationTargetsDto,
  NOTIFICATION_TARGET_EXAMPLE,
  NotificationTargetDto,
  TARGET_TEST_EXAMPLE,
  TargetTestDto,
  UpdateNotificationTargetDto,
} from './notification-target.dto.js';
import { NotificationTargetsService } from './notification-targets.service.js';

@ApiTags('notifications')
@Controller('notification_targets')
export class NotificationTargetsController {
  constructor(private readonly targets: NotificationTargetsService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List who is told of events',
    answer: pageOf(NotificationTargetDto, NOTIFICATION_TARGET_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listNotificationTargets(@Query() query: ListNotificationTargetsDto): Promise<Page<NotificationTargetDto>> {
    return this.targets.list(query);
  }

  @Needs('manage', namedIn('body'))
  @Describe({
    summary: 'Tell somebody of events from now on',
    about:
      'A target of one app needs the right to manage that app, one of all apps the right to manage everything. Address and ' +
      'secret are sealed by SECRETS_KEY and never shown again; without that key none is taken. How a signature is checked ' +
      'stands in docs/notifications.md.',
    answer: oneOf(NotificationTargetDto, NOTIFICATION_TARGET_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'not_found', 'record_invalid', 'unprocessable_entity'],
  })
  @ReadsAgain('getNotificationTarget', { creates: 'notification_targets' })
  @Post()
  createNotificationTarget(@Body() body: CreateNotificationTargetDto): Promise<Tagged<NotificationTargetDto>> {
    return this.targets.create(body);
  }

  @Needs('read', record('notification target'))
  @Describe({
    summary: 'Show who is told of events',
    answer: oneOf(NotificationTargetDto, NOTIFICATION_TARGET_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getNotificationTarget(@Param('id') id: string): Promise<Tagged<NotificationTargetDto>> {
    return this.targets.get(id);
  }

  @Needs('manage', record('notification target'))
  @Describe({
    summary: 'Change who is told of events, of which, and whether',
    about: 'What waits to be delivered goes to the new address. App and kind stay: make another target for those.',
    answer: oneOf(NotificationTargetDto, NOTIFICATION_TARGET_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid', 'stale', 'unprocessable_entity'],
  })
  @Put(':id')
  updateNotificationTarget(
    @Param('id') id: string,
    @Body() body: UpdateNotificationTargetDto,
    @IfMatch() precondition: Precondition,
  ): Promise<Tagged<NotificationTargetDto>> {
    return this.targets.update(id, body, precondition);
  }

  @Needs('manage', record('notification target'))
  @Describe({
    summary: 'Tell somebody nothing more, and show who it was',
    about: 'What waits to be delivered there is given up; the delivery log stays.',
    answer: oneOf(NotificationTargetDto, NOTIFICATION_TARGET_EXAMPLE),
    errors: ['not_found'],
  })
  @Delete(':id')
  deleteNotificationTarget(@Param('id') id: string): Promise<NotificationTargetDto> {
    return this.targets.remove(id);
  }

  @Needs('manage', record('notification target'))
  @Describe({
    summary: 'Send a sample to a target now, and show what came back',
    about:
      'The header `X-Jockey-Event` says `test`. It is sent once, also to a target that is switched off, and stands in no log.',
    answer: oneOf(TargetTestDto, TARGET_TEST_EXAMPLE),
    errors: ['not_found', 'unprocessable_entity'],
  })
  @WritesNothing()
  @Post(':id/test')
  testNotificationTarget(@Param('id') id: string): Promise<TargetTestDto> {
    return this.targets.test(id);
  }
}
