import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { appInPath, Needs } from '../../http/auth/needs.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { CreateHoldDto, HOLD_EXAMPLE, HoldDto, HoldPlaceDto } from './hold.dto.js';
import { HoldsService } from './holds.service.js';

@ApiTags('holds')
@Controller('apps/:id/hold')
export class HoldsController {
  constructor(private readonly holds: HoldsService) {}

  @Needs('read', appInPath(['query', 'environment']))
  @Describe({
    summary: 'Show the hold of an app in an environment',
    answer: oneOf(HoldDto, HOLD_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  getHold(@Param('id') id: string, @Query() query: HoldPlaceDto): Promise<HoldDto> {
    return this.holds.get(id, query.environment);
  }

  @Needs('deploy', appInPath(['body', 'environment']))
  @Describe({
    summary: 'Hold an app in an environment: automatic deploys are refused until it is released',
    about:
      'Deploys that somebody asks for by hand are not kept out, and the one in progress goes on; automatic ones that wait ' +
      'for it end as `canceled`. While there is a hold: 409.',
    answer: oneOf(HoldDto, HOLD_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'not_found', 'record_invalid', 'conflict'],
  })
  @ReadsAgain('getHold', { args: ({ body }, id) => [id, { environment: (body as CreateHoldDto).environment }] })
  @Post()
  createHold(@Param('id') id: string, @Body() body: CreateHoldDto): Promise<HoldDto> {
    return this.holds.set(id, body);
  }

  @Needs('deploy', appInPath(['query', 'environment']))
  @Describe({
    summary: 'Release an app in an environment, and show the hold that was',
    answer: oneOf(HoldDto, HOLD_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Delete()
  deleteHold(@Param('id') id: string, @Query() query: HoldPlaceDto): Promise<HoldDto> {
    return this.holds.release(id, query.environment);
  }
}
