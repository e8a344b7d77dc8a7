import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listed, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { DEPLOY_HISTORY_EXAMPLE, DeployHistoryDto, DeployHistoryQueryDto } from './history.dto.js';
import { HistoryService } from './history.service.js';

@ApiTags('history')
@Controller('history')
export class HistoryController {
  constructor(private readonly history: HistoryService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'Show how deploys went, day by day',
    about:
      'How many there were, how long they took, how many failed or had to be undone, and how long it took to make that ' +
      'good. A deploy counts on the day on which it settled, by UTC. Only what the caller may see is counted.',
    answer: oneOf(DeployHistoryDto, DEPLOY_HISTORY_EXAMPLE),
    errors: ['record_invalid', 'not_found'],
  })
  @Get('deploys')
  getDeployHistory(@Query() query: DeployHistoryQueryDto): Promise<DeployHistoryDto> {
    return this.history.deploys(query);
  }
}
