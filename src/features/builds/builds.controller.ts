import { listed, namedIn, Needs, record } from '../../http/auth/needs.decorator.js';
import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { WaitQueryDto } from '../../http/input/wait-query.dto.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import type { Page } from '../../store/page.js';
import { LOG_ANSWER } from '../logs/log-answer.js';
import { LogQueryDto } from '../logs/log.dto.js';
import { LogsService } from '../logs/logs.service.js';
import { BUILD_EXAMPLE, BuildDto, CreateBuildDto, ListBuildsDto, WAITING_BUILD_EXAMPLE } from './build.dto.js';
import { BuildsService } from './builds.service.js';

const SETTLED = oneOf(BuildDto, BUILD_EXAMPLE);

@ApiTags('builds')
@Controller('builds')
export class BuildsController {
  constructor(
    private readonly builds: BuildsService,
    private readonly logs: LogsService,
  ) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List builds',
    answer: pageOf(BuildDto, BUILD_EXAMPLE),
    errors: ['record_invalid', 'not_found'],
  })
  @Get()
  listBuilds(@Query() query: ListBuildsDto): Promise<Page<BuildDto>> {
    return this.builds.list(query);
  }

  @ApiResponse({
    status: 200,
    description: 'The build has settled.',
    content: { 'application/json': { schema: SETTLED.schema, example: SETTLED.example } },
  })
  @Needs('build', namedIn('body'))
  @Describe({
    summary: 'Build a commit',
    about:
      'There is one build of a commit however many ask for it; one that failed may be asked for again. ' +
      '202 while it is in progress, 200 when it has settled.',
    answer: oneOf(BuildDto, WAITING_BUILD_EXAMPLE),
    status: 202,
    errors: ['bad_request', 'record_invalid', 'not_found', 'unprocessable_entity'],
  })
  @ReadsAgain('getBuild', { creates: 'builds' })
  @Post()
  async createBuild(
    @Body() body: CreateBuildDto,
    @Query() query: WaitQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BuildDto> {
    const build = await this.builds.create(body, query.wait);
    if (build.state !== 'in_progress') response.status(200);
    return build;
  }

  @Needs('read', record('build'))
  @Describe({
    summary: 'Show a build',
    answer: oneOf(BuildDto, BUILD_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id')
  getBuild(@Param('id') id: string, @Query() query: WaitQueryDto): Promise<BuildDto> {
    return this.builds.get(id, query.wait);
  }

  @Needs('read', record('build'))
  @Describe({
    summary: 'Show the log of a build, or follow it',
    about:
      'With `Accept: text/event-stream` it is followed live; `Last-Event-ID` resumes, and the event `end` ends it.',
    answer: LOG_ANSWER,
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id/logs')
  async getBuildLogs(
    @Param('id') id: string,
    @Query() query: LogQueryDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.logs.answer(request, response, { ...(await this.builds.logOf(id)), query });
  }
}
