import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../../http/answer/precondition.js';
import type { Tagged } from '../../http/answer/tagged.js';
import { listed, namedIn, Needs, record } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import type { Page } from '../../store/page.js';
import {
  CONFIG_SET_EXAMPLE,
  ConfigSetDto,
  CreateConfigSetDto,
  ListConfigSetsDto,
  MergeConfigSetDto,
} from './config-set.dto.js';
import { ConfigSetsService } from './config-sets.service.js';

@ApiTags('config_sets')
@Controller('config_sets')
export class ConfigSetsController {
  constructor(private readonly configSets: ConfigSetsService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List Config Sets',
    answer: pageOf(ConfigSetDto, CONFIG_SET_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listConfigSets(@Query() query: ListConfigSetsDto): Promise<Page<ConfigSetDto>> {
    return this.configSets.list(query);
  }

  @Needs('config', namedIn('body'))
  @Describe({
    summary: 'Create the Config Set of an app in an environment',
    about: 'There is one at most; where there is one already, merge into it with PUT.',
    answer: oneOf(ConfigSetDto, CONFIG_SET_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'not_found', 'record_invalid', 'conflict'],
  })
  @ReadsAgain('getConfigSet', { creates: 'config_sets' })
  @Post()
  createConfigSet(@Body() body: CreateConfigSetDto): Promise<Tagged<ConfigSetDto>> {
    return this.configSets.create(body);
  }

  @Needs('read', record('config set'))
  @Describe({
    summary: 'Show a Config Set',
    answer: oneOf(ConfigSetDto, CONFIG_SET_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getConfigSet(@Param('id') id: string): Promise<Tagged<ConfigSetDto>> {
    return this.configSets.get(id);
  }

  @Needs('config', record('config set'))
  @Describe({
    summary: 'Merge variables into a Config Set',
    about: 'Containers get them with the next deploy.',
    answer: oneOf(ConfigSetDto, CONFIG_SET_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid', 'stale'],
  })
  @Put(':id')
  mergeConfigSet(
    @Param('id') id: string,
    @Body() body: MergeConfigSetDto,
    @IfMatch() precondition: Precondition,
  ): Promise<Tagged<ConfigSetDto>> {
    return this.configSets.merge(id, body, precondition);
  }
}
