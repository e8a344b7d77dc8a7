import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listed, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { DRIFT_EXAMPLE, DriftDto, ListDriftDto } from './drift.dto.js';
import { DriftService } from './drift.service.js';

@ApiTags('drift')
@Controller('drift')
export class DriftController {
  constructor(private readonly drift: DriftService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'Show how far what runs differs from what should',
    about:
      'Of every app in every environment where something runs or should, or of those asked for. Docker and Consul are ' +
      'looked at, and the planner of reconciles decides; nothing is done. Settings and variables that were changed since ' +
      'the deploy are named, without their values: they come with the next deploy.',
    answer: pageOf(DriftDto, DRIFT_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listDrift(@Query() query: ListDriftDto): Promise<Page<DriftDto>> {
    return this.drift.list(query);
  }
}
