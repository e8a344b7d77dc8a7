import { Body, Controller, Post, Req } from '@nestjs/common';
import { ApiExtraModels, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { isForm } from '../../http/input/body-parser.js';
import { namedIn, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import { CHANGE_DTOS } from './change.dto.js';
import { CreatePlanDto, PLAN_EXAMPLE, PlanDto } from './plan.dto.js';
import { PlansService } from './plans.service.js';

@ApiTags('plans')
@ApiExtraModels(...Object.values(CHANGE_DTOS))
@Controller('plans')
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  @Needs('read', namedIn('body'))
  @Describe({
    summary: 'Say what a change would do, without doing it',
    about:
      'A deploy, a scale, variables, a host that is lost, hosts that are added, a host pool of another size. ' +
      'What is there is looked at, and the ' +
      'planner and the placement of the engine decide, so that the real run does the same as long as nothing else ' +
      'changes. Nothing is written and no room is reserved. Told are the steps, every host before, on the way and in ' +
      'the end, with what is left of it, of each slot without a place why every host refuses it, and of each host ' +
      'pool how many hosts it would need.',
    answer: oneOf(PlanDto, PLAN_EXAMPLE),
    errors: ['bad_request', 'record_invalid', 'not_found', 'unprocessable_entity'],
  })
  @WritesNothing()
  @Post()
  createPlan(@Body() body: CreatePlanDto, @Req() request: Request): Promise<PlanDto> {
    return this.plans.plan(body, isForm(request.body as object));
  }
}
