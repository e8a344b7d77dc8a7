import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Needs, record } from '../../http/auth/needs.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { CreateExecDto, EXEC_EXAMPLE, RunDto } from './run.dto.js';
import { RunsController } from './runs.controller.js';
import { RunsService } from './runs.service.js';

@ApiTags('instances')
@Controller('instances')
export class ExecsController {
  constructor(private readonly runs: RunsService) {}

  @Needs('run', record('instance'))
  @Describe({
    summary: 'Run a command in the container of an instance',
    about:
      'It is a run as any other: `GET /runs/{id}/console` connects to it, and `POST /runs/{id}/cancel` ends it. One with ' +
      'a terminal, or with an input, begins when somebody connects.',
    answer: oneOf(RunDto, EXEC_EXAMPLE),
    status: 202,
    errors: ['not_found', 'record_invalid', 'unprocessable_entity', 'conflict'],
  })
  @ReadsAgain('getRun', { creates: 'runs', of: () => RunsController })
  @Post(':id/exec')
  createExec(@Param('id') id: string, @Body() body: CreateExecDto): Promise<RunDto> {
    return this.runs.createExec(id, body);
  }
}
