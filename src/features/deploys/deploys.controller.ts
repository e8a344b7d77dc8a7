import { listed, namedIn, Needs, record } from '../../http/auth/needs.decorator.js';
import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { WaitQueryDto } from '../../http/input/wait-query.dto.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import type { Page } from '../../store/page.js';
import { LOG_ANSWER } from '../logs/log-answer.js';
import { LogQueryDto } from '../logs/log.dto.js';
import { LogsService } from '../logs/logs.service.js';
import { CreateDeployDto, ListDeploysDto } from './deploy-input.dto.js';
import { CANCELED_DEPLOY_EXAMPLE, DEPLOY_EXAMPLE, DeployDto, NEW_DEPLOY_EXAMPLE } from './deploy.dto.js';
import { DeploysService } from './deploys.service.js';

@ApiTags('deploys')
@Controller('deploys')
export class DeploysController {
  constructor(
    private readonly deploys: DeploysService,
    private readonly logs: LogsService,
  ) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List deploys',
    answer: pageOf(DeployDto, DEPLOY_EXAMPLE),
    errors: ['record_invalid', 'not_found'],
  })
  @Get()
  listDeploys(@Query() query: ListDeploysDto): Promise<Page<DeployDto>> {
    return this.deploys.list(query);
  }

  @Needs('deploy', namedIn('body'))
  @Describe({
    summary: 'Deploy a commit to an environment',
    about:
      'Builds the commit if it was not built yet. Every worker is started as often as its scale says; one at scale 0 is ' +
      'not started, and `notice` says so where that is all of them. An old instance serves until a new one has proven itself ' +
      'in its place. While another deploy of the app to the environment is in progress: 423; with `queue` the deploy waits ' +
      'for it, with `force` that one fails as `superseded`. While the app is held there, one that is `automatic` is ' +
      'refused: 423. A reconcile in progress does not stand in the way: the deploy brings what it would.',
    answer: oneOf(DeployDto, NEW_DEPLOY_EXAMPLE),
    status: 202,
    errors: ['bad_request', 'record_invalid', 'not_found', 'conflict', 'unprocessable_entity', 'resource_locked'],
  })
  @ReadsAgain('getDeploy', { creates: 'deploys' })
  @Post()
  createDeploy(@Body() body: CreateDeployDto, @Query() query: WaitQueryDto): Promise<DeployDto> {
    return this.deploys.create(body, query.wait);
  }

  @Needs('read', record('deploy'))
  @Describe({
    summary: 'Show a deploy and its instances',
    answer: oneOf(DeployDto, DEPLOY_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id')
  getDeploy(@Param('id') id: string, @Query() query: WaitQueryDto): Promise<DeployDto> {
    return this.deploys.get(id, query.wait);
  }

  @Needs('deploy', record('deploy'))
  @Describe({
    summary: 'Cancel a deploy',
    about:
      'One that waits, or is being built, ends at once as `canceled`; the build goes on, as others may need it. One that is ' +
      'being rolled out is taken back: what was there before is put back, and it ends as `canceled` when that is proven. ' +
      'Asking again changes nothing. One that has settled: 409.',
    answer: oneOf(DeployDto, CANCELED_DEPLOY_EXAMPLE),
    status: 202,
    errors: ['not_found', 'record_invalid', 'conflict'],
  })
  @ReadsAgain('getDeploy')
  @Post(':id/cancel')
  cancelDeploy(@Param('id') id: string, @Query() query: WaitQueryDto): Promise<DeployDto> {
    return this.deploys.cancel(id, query.wait);
  }

  @Needs('deploy', record('deploy'))
  @Describe({
    summary: 'Let a paused deploy go on',
    about:
      'One that paused because instances failed, or whose canaries are watched, goes on at once. One that waits for nobody: 409.',
    answer: oneOf(DeployDto, DEPLOY_EXAMPLE),
    status: 202,
    errors: ['not_found', 'record_invalid', 'conflict'],
  })
  @ReadsAgain('getDeploy')
  @Post(':id/continue')
  continueDeploy(@Param('id') id: string, @Query() query: WaitQueryDto): Promise<DeployDto> {
    return this.deploys.continue(id, query.wait);
  }

  @Needs('read', record('deploy'))
  @Describe({
    summary: 'Show the log of a deploy, or follow it',
    about:
      'With `Accept: text/event-stream` it is followed live; `Last-Event-ID` resumes, and the event `end` ends it.',
    answer: LOG_ANSWER,
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id/logs')
  async getDeployLogs(
    @Param('id') id: string,
    @Query() query: LogQueryDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const of = { subject: 'deploy' as const, id: await this.deploys.known(id) };
    await this.logs.answer(request, response, { of, query, settled: () => this.deploys.isSettled(id) });
  }
}
