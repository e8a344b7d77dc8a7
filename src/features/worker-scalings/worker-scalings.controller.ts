import { Body, Controller, Delete, Get, Param, Post, Put, Req } from '@nestjs/common';
import { ApiExtraModels, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { IfMatch, type Precondition } from '../../http/answer/precondition.js';
import type { Tagged } from '../../http/answer/tagged.js';
import { type Need, Needs, record } from '../../http/auth/needs.decorator.js';
import { WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import { isForm } from '../../http/input/body-parser.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { ScaleMetricInputDto } from './scale-metric.dto.js';
import { ScaleScheduleInputDto } from './scale-schedule.dto.js';
import {
  PreviewWorkerScalingDto,
  PutWorkerScalingDto,
  SCALING_PREVIEW_EXAMPLE,
  ScalingPreviewDto,
  WORKER_SCALING_EXAMPLE,
  WorkerScalingDto,
} from './worker-scaling.dto.js';
import { WorkerScalingsService } from './worker-scalings.service.js';

/** An address that Jockey is to call is more than a scale. */
const FOR_A_METRIC: Need = { verb: 'config', target: record('worker'), given: ['body', 'metric'] };

@ApiTags('workers')
@ApiExtraModels(ScaleMetricInputDto, ScaleScheduleInputDto)
@Controller('workers/:id/scaling')
export class WorkerScalingsController {
  constructor(private readonly scalings: WorkerScalingsService) {}

  @Needs('read', record('worker'))
  @Describe({
    summary: 'Show how a worker scales itself, and what was decided last',
    answer: oneOf(WorkerScalingDto, WORKER_SCALING_EXAMPLE),
    errors: ['not_found'],
  })
  @Get()
  getWorkerScaling(@Param('id') id: string): Promise<Tagged<WorkerScalingDto>> {
    return this.scalings.get(id);
  }

  @Needs('scale', record('worker'), FOR_A_METRIC)
  @Describe({
    summary: 'Let a worker scale itself, by schedules and by a metric, between bounds',
    about:
      'Takes the place of the whole rule that there is. The engine looks every SCALING_INTERVAL_SECONDS. Bounds and ' +
      'schedules hold at once, also over a scale that somebody sets; a metric is followed up at once and down when fewer ' +
      'were enough for a while. A metric that cannot be had takes nothing away. A metric needs the right to `config` too.',
    answer: oneOf(WorkerScalingDto, WORKER_SCALING_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid', 'stale'],
  })
  @Put()
  putWorkerScaling(
    @Param('id') id: string,
    @Body() body: PutWorkerScalingDto,
    @IfMatch() precondition: Precondition,
    @Req() request: Request,
  ): Promise<Tagged<WorkerScalingDto>> {
    return this.scalings.put(id, { body, form: isForm(request.body as object) }, precondition);
  }

  @Needs('scale', record('worker'))
  @Describe({
    summary: 'Let a worker keep the scale that it has, and show the rule that was',
    answer: oneOf(WorkerScalingDto, WORKER_SCALING_EXAMPLE),
    errors: ['not_found'],
  })
  @Delete()
  deleteWorkerScaling(@Param('id') id: string): Promise<WorkerScalingDto> {
    return this.scalings.remove(id);
  }

  @Needs('scale', record('worker'), FOR_A_METRIC)
  @Describe({
    summary: 'Say what a rule would do to a worker at this moment, without doing it',
    about: 'Measures as the engine does, by the rule in the body, or with an empty body by the one that there is.',
    answer: oneOf(ScalingPreviewDto, SCALING_PREVIEW_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid'],
  })
  @WritesNothing()
  @Post('preview')
  previewWorkerScaling(
    @Param('id') id: string,
    @Body() body: PreviewWorkerScalingDto,
    @Req() request: Request,
  ): Promise<ScalingPreviewDto> {
    return this.scalings.preview(id, body, isForm(request.body as object));
  }
}
