import { listed, namedIn, Needs, record } from '../../http/auth/needs.decorator.js';
import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { WaitQueryDto } from '../../http/input/wait-query.dto.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import { ReadsAgain, WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import type { Page } from '../../store/page.js';
import { LOG_ANSWER } from '../logs/log-answer.js';
import { LogQueryDto } from '../logs/log.dto.js';
import { LogsService } from '../logs/logs.service.js';
import {
  CreateReconcileDto,
  ListReconcilesDto,
  PreviewReconcileDto,
  RECONCILE_EXAMPLE,
  ReconcileDto,
} from './reconcile.dto.js';
import { ReconcilesService } from './reconciles.service.js';

@ApiTags('reconciles')
@Controller('reconciles')
export class ReconcilesController {
  constructor(
    private readonly reconciles: ReconcilesService,
    private readonly logs: LogsService,
  ) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List reconciles',
    answer: pageOf(ReconcileDto, RECONCILE_EXAMPLE),
    errors: ['record_invalid', 'not_found'],
  })
  @Get()
  listReconciles(@Query() query: ListReconcilesDto): Promise<Page<ReconcileDto>> {
    return this.reconciles.list(query);
  }

  @Needs('deploy', namedIn('body'))
  @Describe({
    summary: 'Compare what should run with what does, and mend',
    about:
      'Of one app, or of all that have something in the environment. While a deploy or another reconcile of the same is ' +
      'in progress: 423, unless `force`, and then it waits for its turn.',
    answer: oneOf(ReconcileDto, { ...RECONCILE_EXAMPLE, state: 'in_progress', plan: [], completed_at: null }),
    status: 202,
    errors: ['bad_request', 'record_invalid', 'not_found', 'resource_locked'],
  })
  @ReadsAgain('getReconcile', { creates: 'reconciles' })
  @Post()
  createReconcile(@Body() body: CreateReconcileDto, @Query() query: WaitQueryDto): Promise<ReconcileDto> {
    return this.reconciles.create(body, query.wait);
  }

  @Needs('read', namedIn('body'))
  @Describe({
    summary: 'Show what a reconcile would do',
    about:
      'Docker and Consul are looked at as a real reconcile does, and the same planner decides: a reconcile right after ' +
      'it does these steps. Nothing is done. What a silent host holds is not known, so no step concerns it. An app with a ' +
      'deploy in progress has no steps: the deploy decides.',
    answer: oneOf(ReconcileDto, { ...RECONCILE_EXAMPLE, id: null, state: 'preview', completed_at: null }),
    errors: ['bad_request', 'record_invalid', 'not_found'],
  })
  @WritesNothing()
  @Post('preview')
  previewReconcile(@Body() body: PreviewReconcileDto): Promise<ReconcileDto> {
    return this.reconciles.show(body);
  }

  @Needs('read', record('reconcile'))
  @Describe({
    summary: 'Show a reconcile',
    answer: oneOf(ReconcileDto, RECONCILE_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id')
  getReconcile(@Param('id') id: string, @Query() query: WaitQueryDto): Promise<ReconcileDto> {
    return this.reconciles.get(id, query.wait);
  }

  @Needs('read', record('reconcile'))
  @Describe({
    summary: 'Show the log of a reconcile, or follow it',
    about:
      'With `Accept: text/event-stream` it is followed live; `Last-Event-ID` resumes, and the event `end` ends it.',
    answer: LOG_ANSWER,
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id/logs')
  async getReconcileLogs(
    @Param('id') id: string,
    @Query() query: LogQueryDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const of = { subject: 'reconcile' as const, id: await this.reconciles.known(id) };
    await this.logs.answer(request, response, { of, query, settled: () => this.reconciles.isSettled(id) });
  }
}
