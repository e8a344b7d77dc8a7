import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../../http/answer/precondition.js';
import type { Tagged } from '../../http/answer/tagged.js';
import { appInPath, everywhere, listed, namedIn, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import type { Page } from '../../store/page.js';
import {
  APP_EXAMPLE,
  AppDto,
  AVAILABLE_NODE_EXAMPLE,
  AvailableNodeDto,
  AvailableNodeQueryDto,
  CreateAppDto,
  ListAppsDto,
  UpdateAppDto,
} from './app.dto.js';
import { AppsService } from './apps.service.js';
import { AvailableNodeService } from './available-node.service.js';

@ApiTags('apps')
@Controller('apps')
export class AppsController {
  constructor(
    private readonly apps: AppsService,
    private readonly nodes: AvailableNodeService,
  ) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List apps',
    answer: pageOf(AppDto, APP_EXAMPLE),
    errors: ['record_invalid'],
  })
  @Get()
  listApps(@Query() query: ListAppsDto): Promise<Page<AppDto>> {
    return this.apps.list(query);
  }

  @Needs('read', namedIn('query'))
  @Describe({
    summary: 'Find the emptiest healthy host for an app in an environment',
    about: 'Among the hosts of its stack there that Consul calls healthy and that are not cordoned.',
    answer: oneOf(AvailableNodeDto, AVAILABLE_NODE_EXAMPLE),
    errors: ['not_found', 'record_invalid', 'unprocessable_entity'],
  })
  @Get('available_node')
  getAvailableNode(@Query() query: AvailableNodeQueryDto): Promise<AvailableNodeDto> {
    return this.nodes.find(query);
  }

  @Needs('manage', everywhere)
  @Describe({
    summary: 'Create an app',
    about:
      'It gets a Config Set (RACK_ENV, PORT=8888) and a worker `web` at scale 0 in each of the environments production and development that are there.',
    answer: oneOf(AppDto, APP_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'not_found', 'record_invalid', 'conflict'],
  })
  @ReadsAgain('getApp', { creates: 'apps' })
  @Post()
  createApp(@Body() body: CreateAppDto): Promise<Tagged<AppDto>> {
    return this.apps.create(body);
  }

  @Needs('read', appInPath())
  @Describe({
    summary: 'Show an app, by name or id',
    answer: oneOf(AppDto, APP_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getApp(@Param('id') id: string): Promise<Tagged<AppDto>> {
    return this.apps.get(id);
  }

  @Needs('manage', appInPath())
  @Describe({
    summary: 'Change an app, by name or id',
    answer: oneOf(AppDto, APP_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid', 'conflict', 'stale', 'resource_locked'],
  })
  @Put(':id')
  updateApp(
    @Param('id') id: string,
    @Body() body: UpdateAppDto,
    @IfMatch() precondition: Precondition,
  ): Promise<Tagged<AppDto>> {
    return this.apps.update(id, body, precondition);
  }

  @Needs('manage', appInPath())
  @Describe({
    summary: 'Delete an app, by name or id, and stop its containers',
    about: 'Its history stays; its name is free at once. Refused while a deploy of it is in progress.',
    answer: oneOf(AppDto, APP_EXAMPLE),
    errors: ['not_found', 'stale', 'resource_locked'],
  })
  @Delete(':id')
  deleteApp(@Param('id') id: string, @IfMatch() precondition: Precondition): Promise<AppDto> {
    return this.apps.delete(id, precondition);
  }
}
