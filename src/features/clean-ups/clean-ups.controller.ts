import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import { ReadsAgain, WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { CLEAN_UP_EXAMPLE, CleanUpDto, CleanUpPreviewDto, ListCleanUpsDto, PREVIEW_EXAMPLE } from './clean-up.dto.js';
import { CleanUpsService } from './clean-ups.service.js';

@ApiTags('clean-ups')
@Controller('clean_ups')
export class CleanUpsController {
  constructor(private readonly cleanUps: CleanUpsService) {}

  @Needs('read', everywhere)
  @Describe({
    summary: 'List clean-ups, and what they removed',
    answer: pageOf(CleanUpDto, CLEAN_UP_EXAMPLE),
    errors: ['record_invalid'],
  })
  @Get()
  listCleanUps(@Query() query: ListCleanUpsDto): Promise<Page<CleanUpDto>> {
    return this.cleanUps.list(query);
  }

  @Needs('read', everywhere)
  @Describe({
    summary: 'Show a clean-up',
    answer: oneOf(CleanUpDto, CLEAN_UP_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getCleanUp(@Param('id') id: string): Promise<CleanUpDto> {
    return this.cleanUps.get(id);
  }

  @Needs('manage', everywhere)
  @Describe({
    summary: 'Remove what nothing needs any more, as the operator set it',
    about:
      'An engine does it: images in the registry and on hosts, what is above the limit of build caches, and old logs. ' +
      'What a kept release, a deploy, an instance or a build in progress needs is never removed, nor what is not of ' +
      'Jockey. Only one is in progress at a time: else 409.',
    answer: oneOf(CleanUpDto, CLEAN_UP_EXAMPLE),
    status: 202,
    errors: ['conflict'],
  })
  @ReadsAgain('getCleanUp', { creates: 'clean_ups' })
  @Post()
  createCleanUp(): Promise<CleanUpDto> {
    return this.cleanUps.create();
  }

  @Needs('read', everywhere)
  @Describe({
    summary: 'Show what a clean-up would remove now, and why the rest stays',
    about: 'What the operator keeps for ever is not looked at, and so not listed.',
    answer: oneOf(CleanUpPreviewDto, PREVIEW_EXAMPLE),
    status: 200,
    errors: [],
  })
  @WritesNothing()
  @Post('preview')
  previewCleanUp(): Promise<CleanUpPreviewDto> {
    return this.cleanUps.preview();
  }
}
