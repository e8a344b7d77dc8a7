import { Body, Controller, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { WaitQueryDto } from '../../http/input/wait-query.dto.js';
import { appInPath, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import { DeploysController } from '../deploys/deploys.controller.js';
import { DeployDto, NEW_DEPLOY_EXAMPLE } from '../deploys/deploy.dto.js';
import { CreatePromotionDto, CreateRollbackDto } from './release.dto.js';
import { RollbacksService } from './rollbacks.service.js';

/** What both create is shown by another controller. */
const A_DEPLOY = { of: () => DeploysController, creates: 'deploys' };

const ERRORS = [
  'bad_request',
  'record_invalid',
  'not_found',
  'conflict',
  'unprocessable_entity',
  'resource_locked',
] as const;

@ApiTags('releases')
@Controller('apps/:id')
export class RollbacksController {
  constructor(private readonly rollbacks: RollbacksService) {}

  @Needs('deploy', appInPath(['body', 'environment']))
  @Describe({
    summary: 'Bring back an earlier release',
    about:
      'Exactly that: its image, its version of the Config Set, its workers; how many of each there are stays as it is now. ' +
      'Nothing is built, and no canary is tried. `previous` is what served before the current release, past all that was ' +
      'rolled back from: it never brings back what was taken back. Unless `hold` is false, automatic deploys are refused ' +
      'until DELETE /apps/:id/hold; a hold that is there stays. While a deploy is in progress: as POST /deploys.',
    answer: oneOf(DeployDto, { ...NEW_DEPLOY_EXAMPLE, kind: 'rollback', from_release: 'v41' }),
    status: 202,
    errors: ERRORS,
  })
  @ReadsAgain('getDeploy', A_DEPLOY)
  @Post('rollback')
  createRollback(
    @Param('id') id: string,
    @Body() body: CreateRollbackDto,
    @Query() query: WaitQueryDto,
  ): Promise<DeployDto> {
    return this.rollbacks.rollBack(id, body, query.wait);
  }

  @Needs('deploy', appInPath(['body', 'to']), { verb: 'read', target: appInPath(['body', 'from']) })
  @Describe({
    summary: 'Promote a release from one environment to another',
    about:
      'The same image, by digest, with the Config Set and the workers of the environment that it comes to. Nothing is ' +
      'built. While a deploy is in progress there: as POST /deploys.',
    answer: oneOf(DeployDto, { ...NEW_DEPLOY_EXAMPLE, kind: 'promotion', from_release: 'v41' }),
    status: 202,
    errors: ERRORS,
  })
  @ReadsAgain('getDeploy', A_DEPLOY)
  @Post('promote')
  createPromotion(
    @Param('id') id: string,
    @Body() body: CreatePromotionDto,
    @Query() query: WaitQueryDto,
  ): Promise<DeployDto> {
    return this.rollbacks.promote(id, body, query.wait);
  }
}
