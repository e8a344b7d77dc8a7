import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../../http/answer/precondition.js';
import type { Tagged } from '../../http/answer/tagged.js';
import { listed, namedIn, Needs, record } from '../../http/auth/needs.decorator.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import type { Page } from '../../store/page.js';
import {
  CHANGED_CONFIG_SET_EXAMPLE,
  ChangedConfigSetDto,
  CONFIG_SET_EXAMPLE,
  ConfigSetDto,
  CreateConfigSetDto,
  ListConfigSetsDto,
  MergeConfigSetDto,
  RevertConfigSetDto,
} from './config-set.dto.js';
import { ConfigHistoryService } from './config-history.service.js';
import {
  CONFIG_CHANGE_EXAMPLE,
  CONFIG_DIFF_EXAMPLE,
  CONFIG_VERSION_EXAMPLE,
  ConfigChangeEntryDto,
  ConfigDiffDto,
  ConfigVersionDto,
  DiffConfigDto,
} from './config-version.dto.js';
import { ConfigSetsService } from './config-sets.service.js';

@ApiTags('config_sets')
@Controller('config_sets')
export class ConfigSetsController {
  constructor(
    private readonly configSets: ConfigSetsService,
    private readonly history: ConfigHistoryService,
  ) {}

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
    summary: 'Merge variables and secrets into a Config Set',
    about:
      'Containers get them with the next deploy, or with `apply: roll` by a deploy of what runs, which waits for one in ' +
      'progress; that needs the right to deploy too. Secrets can be set and never be read. A change that changes nothing makes no version.',
    answer: oneOf(ChangedConfigSetDto, CHANGED_CONFIG_SET_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid', 'stale', 'unprocessable_entity', 'conflict'],
  })
  @Put(':id')
  mergeConfigSet(
    @Param('id') id: string,
    @Body() body: MergeConfigSetDto,
    @IfMatch() precondition: Precondition,
  ): Promise<Tagged<ChangedConfigSetDto>> {
    return this.configSets.merge(id, body, precondition);
  }

  @Needs('read', record('config set'))
  @Describe({
    summary: 'List the changes of a Config Set',
    about: 'Who changed which variables, when and why; the newest first.',
    answer: pageOf(ConfigChangeEntryDto, CONFIG_CHANGE_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id/versions')
  listConfigVersions(@Param('id') id: string, @Query() query: PageQueryDto): Promise<Page<ConfigChangeEntryDto>> {
    return this.history.list(id, query);
  }

  @Needs('read', record('config set'))
  @Describe({
    summary: 'Show a version of a Config Set',
    about: 'Of secrets the fingerprint alone. What became a secret later is shown as it was then.',
    answer: oneOf(ConfigVersionDto, CONFIG_VERSION_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id/versions/:version')
  getConfigVersion(@Param('id') id: string, @Param('version') version: string): Promise<ConfigVersionDto> {
    return this.history.get(id, version);
  }

  @Needs('read', record('config set'))
  @Describe({
    summary: 'Compare two versions of a Config Set',
    about: 'Plain variables with their values, secrets by their fingerprints.',
    answer: oneOf(ConfigDiffDto, CONFIG_DIFF_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id/diff')
  diffConfigVersions(@Param('id') id: string, @Query() query: DiffConfigDto): Promise<ConfigDiffDto> {
    return this.history.diff(id, query);
  }

  @Needs('config', record('config set'))
  @Describe({
    summary: 'Bring an earlier version of a Config Set back',
    about: 'A new version that equals it, secrets included. `apply` as with PUT.',
    answer: oneOf(ChangedConfigSetDto, CHANGED_CONFIG_SET_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid', 'stale', 'conflict'],
  })
  @ReadsAgain('getConfigSet')
  @Post(':id/revert')
  revertConfigSet(
    @Param('id') id: string,
    @Body() body: RevertConfigSetDto,
    @IfMatch() precondition: Precondition,
  ): Promise<Tagged<ChangedConfigSetDto>> {
    return this.configSets.revert(id, body, precondition);
  }
}
