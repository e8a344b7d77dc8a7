import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { namedIn, Needs } from '../../http/auth/needs.decorator.js';
import { bare, Describe } from '../../http/openapi/describe.decorator.js';
import { APP_LOGS_ALSO, APP_LOGS_EXAMPLE, AppLogQueryDto, AppLogsDto } from './app-log.dto.js';
import { AppLogsService } from './app-logs.service.js';

@ApiTags('app logs')
@Controller('app_logs')
export class AppLogsController {
  constructor(private readonly logs: AppLogsService) {}

  @Needs('read', namedIn('query'))
  @Describe({
    summary: 'Show what the instances of an app print, or follow it',
    about:
      'The lines of all running containers together, by their time. With `Accept: text/event-stream` they are followed ' +
      'live: new instances join, those that go leave (event `instance`, with `change`: `joined`, `left` or `silent`), and ' +
      '`Last-Event-ID` resumes without a gap. The event `end` comes only where one instance was asked for, when it is ' +
      'gone. Hosts keep the last 30 MB a container, until it is removed.',
    answer: { ...bare(AppLogsDto, APP_LOGS_EXAMPLE), also: APP_LOGS_ALSO },
    errors: ['not_found', 'record_invalid', 'unprocessable_entity'],
  })
  @Get()
  async getAppLogs(@Query() query: AppLogQueryDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.logs.answer(request, response, query);
  }
}
