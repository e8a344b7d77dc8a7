import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { everywhere, Needs, somewhere } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import type { Page } from '../../store/page.js';
import { CreateEnvironmentDto, ENVIRONMENT_EXAMPLE, EnvironmentDto, ListEnvironmentsDto } from './environment.dto.js';
import { EnvironmentsService } from './environments.service.js';

@ApiTags('environments')
@Controller('environments')
export class EnvironmentsController {
  constructor(private readonly environments: EnvironmentsService) {}

  @Needs('read', somewhere)
  @Describe({
    summary: 'List environments',
    answer: pageOf(EnvironmentDto, ENVIRONMENT_EXAMPLE),
    errors: ['record_invalid'],
  })
  @Get()
  listEnvironments(@Query() query: ListEnvironmentsDto): Promise<Page<EnvironmentDto>> {
    return this.environments.list(query);
  }

  @Needs('manage', everywhere)
  @Describe({
    summary: 'Create an environment',
    answer: oneOf(EnvironmentDto, ENVIRONMENT_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'record_invalid', 'conflict'],
  })
  @ReadsAgain('getEnvironment', { creates: 'environments' })
  @Post()
  createEnvironment(@Body() body: CreateEnvironmentDto): Promise<EnvironmentDto> {
    return this.environments.create(body);
  }

  @Needs('read', somewhere)
  @Describe({
    summary: 'Show an environment, by name or id',
    answer: oneOf(EnvironmentDto, ENVIRONMENT_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getEnvironment(@Param('id') id: string): Promise<EnvironmentDto> {
    return this.environments.get(id);
  }
}
