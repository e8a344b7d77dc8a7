import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listed, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { STATE_EXAMPLE, StateDto, StateQueryDto } from './state.dto.js';
import { StateService } from './state.service.js';

@ApiTags('events')
@Controller('state')
export class StateController {
  constructor(private readonly state: StateService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'Show what ran where, now or at a time',
    about:
      'The release that was current in each place, the version of its config, each container and its host. It is read ' +
      'from releases and instances, which are kept for good; what was said of hosts, from events, as far back as they are kept.',
    answer: oneOf(StateDto, STATE_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  getState(@Query() query: StateQueryDto): Promise<StateDto> {
    return this.state.at(query);
  }
}
