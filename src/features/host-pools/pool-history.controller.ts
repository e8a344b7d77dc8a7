import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import {
  CAPACITY_CHANGE_EXAMPLE,
  CapacityChangeDto,
  ListCapacityChangesDto,
  PoolUtilizationDto,
  PoolUtilizationQueryDto,
  UTILIZATION_EXAMPLE,
} from './pool-history.dto.js';
import { PoolHistoryService } from './pool-history.service.js';

@ApiTags('host-pools')
@Controller('host_pools')
export class PoolHistoryController {
  constructor(private readonly history: PoolHistoryService) {}

  @Needs('read', everywhere)
  @Describe({
    summary: 'List the changes of the count of a host pool, with their causes',
    about: 'Newest first. What was only advice is among them, with `applied` false.',
    answer: pageOf(CapacityChangeDto, CAPACITY_CHANGE_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id/changes')
  listCapacityChanges(
    @Param('id') id: string,
    @Query() query: ListCapacityChangesDto,
  ): Promise<Page<CapacityChangeDto>> {
    return this.history.changes(id, query);
  }

  @Needs('read', everywhere)
  @Describe({
    summary: 'Show how full a host pool was over time',
    about: 'From samples of each minute, which are kept for 90 days.',
    answer: oneOf(PoolUtilizationDto, UTILIZATION_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id/utilization')
  getPoolUtilization(@Param('id') id: string, @Query() query: PoolUtilizationQueryDto): Promise<PoolUtilizationDto> {
    return this.history.utilization(id, query);
  }
}
