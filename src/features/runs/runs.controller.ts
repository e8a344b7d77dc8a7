import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { listed, namedIn, Needs, record } from '../../http/auth/needs.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import { WaitQueryDto } from '../../http/input/wait-query.dto.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { LOG_ANSWER } from '../logs/log-answer.js';
import { LogQueryDto } from '../logs/log.dto.js';
import { LogsService } from '../logs/logs.service.js';
import { CreateRunDto, ListRunsDto, RUN_EXAMPLE, RunDto, WAITING_RUN_EXAMPLE } from './run.dto.js';
import { RunsService } from './runs.service.js';

@ApiTags('runs')
@Controller('runs')
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly logs: LogsService,
  ) {}

  @Needs('read', listed)
  @Describe({ summary: 'List runs', answer: pageOf(RunDto, RUN_EXAMPLE), errors: ['not_found', 'record_invalid'] })
  @Get()
  listRuns(@Query() query: ListRunsDto): Promise<Page<RunDto>> {
    return this.runs.list(query);
  }

  @Needs('run', namedIn('body'))
  @Describe({
    summary: 'Run a command once, in a container of its own',
    about:
      'In the image of a release, with exactly the variables that it was released with, on a host with room for it. ' +
      'Connect to `GET /runs/{id}/console` to type and to see what it prints; with `detach` it is in the log.',
    answer: oneOf(RunDto, WAITING_RUN_EXAMPLE),
    status: 202,
    errors: ['not_found', 'record_invalid', 'unprocessable_entity', 'conflict'],
  })
  @ReadsAgain('getRun', { creates: 'runs' })
  @Post()
  createRun(@Body() body: CreateRunDto): Promise<RunDto> {
    return this.runs.create(body);
  }

  @Needs('read', record('run'))
  @Describe({ summary: 'Show a run', answer: oneOf(RunDto, RUN_EXAMPLE), errors: ['not_found', 'record_invalid'] })
  @Get(':id')
  getRun(@Param('id') id: string, @Query() query: WaitQueryDto): Promise<RunDto> {
    return this.runs.get(id, query.wait);
  }

  @Needs('run', record('run'))
  @Describe({
    summary: 'Cancel a run',
    about: 'It gets its stop signal, and is killed when it does not end. 202: it is on its way.',
    answer: oneOf(RunDto, RUN_EXAMPLE),
    status: 202,
    errors: ['not_found', 'conflict'],
  })
  @ReadsAgain('getRun')
  @Post(':id/cancel')
  cancelRun(@Param('id') id: string): Promise<RunDto> {
    return this.runs.cancel(id);
  }

  @Needs('read', record('run'))
  @Describe({
    summary: 'Show the log of a run, or follow it',
    about:
      'What it printed, without the secrets of the app; of one with a terminal only what became of it. With ' +
      '`Accept: text/event-stream` it is followed live; `Last-Event-ID` resumes, and the event `end` ends it.',
    answer: LOG_ANSWER,
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id/logs')
  async getRunLogs(
    @Param('id') id: string,
    @Query() query: LogQueryDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.logs.answer(request, response, { ...(await this.runs.logOf(id)), query });
  }
}
