import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Needs, record, somewhere } from '../../http/auth/needs.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import { WaitQueryDto } from '../../http/input/wait-query.dto.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { BUILD_EXAMPLE, BuildDto } from './build.dto.js';
import { BUILD_QUEUE_EXAMPLE, BuildQueueDto, CancelBuildDto } from './build-queue.dto.js';
import { BuildQueueService } from './build-queue.service.js';
import { BuildsController } from './builds.controller.js';
import { BuildsService } from './builds.service.js';

@ApiTags('builds')
@Controller('builds')
export class BuildQueueController {
  constructor(
    private readonly queue: BuildQueueService,
    private readonly builds: BuildsService,
  ) {}

  @Needs('read', somewhere)
  @Describe({
    summary: 'Show the queue of builds: what runs, what waits and why',
    about:
      'As many run as BUILDS_PER_HOST and BUILDS_AT_ONCE allow. Turns go round the apps; within an app the oldest is first. ' +
      'Numbers count the builds of all apps; those of apps that the caller may not see are not named.',
    answer: oneOf(BuildQueueDto, BUILD_QUEUE_EXAMPLE),
  })
  @Get('queue')
  getBuildQueue(): Promise<BuildQueueDto> {
    return this.queue.show();
  }

  @Needs('build', record('build'))
  @Describe({
    summary: 'Cancel a build',
    about:
      'One that waits ends at once. One that runs is stopped on its host, and ends with the outcome `canceled` when it is ' +
      'proven that nothing of it runs there any more; one that is done in the same moment ends `completed`. Deploys that ' +
      'wait for it fail, and say why. Asking again changes nothing. One that has settled otherwise: 409.',
    answer: oneOf(BuildDto, {
      ...BUILD_EXAMPLE,
      ...{ state: 'failed', image: null, failure_reason: 'canceled: wrong branch' },
    }),
    status: 202,
    errors: ['not_found', 'record_invalid', 'conflict'],
  })
  @ReadsAgain('getBuild', { of: () => BuildsController })
  @Post(':id/cancel')
  async cancelBuild(
    @Param('id') id: string,
    @Body() body: CancelBuildDto,
    @Query() query: WaitQueryDto,
  ): Promise<BuildDto> {
    await this.queue.cancel(id, body.reason ?? null);
    return this.builds.get(id, query.wait);
  }
}
