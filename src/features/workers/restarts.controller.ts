import { Body, Controller, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { WaitQueryDto } from '../../http/input/wait-query.dto.js';
import { namedIn, Needs, record } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { RECONCILE_EXAMPLE, ReconcileDto } from '../reconciles/reconcile.dto.js';
import { RestartOptionsDto, RestartWorkersDto } from './restart.dto.js';
import { RestartsService } from './restarts.service.js';

const HOW =
  'Instances are exchanged for new ones of the same deploy, the new before the old and never more at once than the ' +
  'worker’s parallelism. Answers the reconcile that does it. Sent again while it is in progress, it answers the same ' +
  'one. While a deploy or something else is reconciled here: 423, unless `force`, and then it waits for its turn.';

const EXAMPLE: ReconcileDto = {
  ...RECONCILE_EXAMPLE,
  state: 'in_progress',
  plan: [],
  restart: { worker: 'web', only_unhealthy: false },
  completed_at: null,
};

@ApiTags('workers')
@Controller('workers')
export class RestartsController {
  constructor(private readonly restarts: RestartsService) {}

  @Needs('deploy', namedIn('body'))
  @Describe({
    summary: 'Restart the workers of an app in an environment, or one of them',
    about: HOW,
    answer: oneOf(ReconcileDto, { ...EXAMPLE, restart: { worker: null, only_unhealthy: false } }),
    status: 202,
    errors: ['bad_request', 'not_found', 'record_invalid', 'unprocessable_entity', 'resource_locked'],
  })
  @Put('restart')
  restartWorkers(@Body() body: RestartWorkersDto, @Query() query: WaitQueryDto): Promise<ReconcileDto> {
    return this.restarts.restartNamed(body, query.wait);
  }

  @Needs('deploy', record('worker'))
  @Describe({
    summary: 'Restart a worker',
    about: HOW,
    answer: oneOf(ReconcileDto, EXAMPLE),
    status: 202,
    errors: ['bad_request', 'not_found', 'record_invalid', 'unprocessable_entity', 'resource_locked'],
  })
  @Put(':id/restart')
  restartWorker(
    @Param('id') id: string,
    @Body() body: RestartOptionsDto,
    @Query() query: WaitQueryDto,
  ): Promise<ReconcileDto> {
    return this.restarts.restartOne(id, body, query.wait);
  }
}
