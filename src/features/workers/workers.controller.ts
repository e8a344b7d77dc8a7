import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../../http/answer/precondition.js';
import type { Tagged } from '../../http/answer/tagged.js';
import { listed, namedIn, Needs, record } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import type { Page } from '../../store/page.js';
import { WORKER_INSTANCES_EXAMPLE, WorkerInstancesDto } from './worker-instances.dto.js';
import { WorkerInstancesService } from './worker-instances.service.js';
import {
  WORKER_SUGGESTIONS_EXAMPLE,
  WorkerSuggestionsDto,
  WorkerSuggestionsQueryDto,
} from './worker-suggestion.dto.js';
import { WorkerSuggestions } from './worker-suggestions.service.js';
import {
  CreateWorkerDto,
  ListWorkersDto,
  RescaleWorkerDto,
  UpdateWorkerDto,
  WORKER_EXAMPLE,
  WorkerDto,
} from './worker.dto.js';
import { WorkersService } from './workers.service.js';

@ApiTags('workers')
@Controller('workers')
export class WorkersController {
  constructor(
    private readonly workers: WorkersService,
    private readonly instances: WorkerInstancesService,
    private readonly suggestions: WorkerSuggestions,
  ) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List workers',
    answer: pageOf(WorkerDto, WORKER_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listWorkers(@Query() query: ListWorkersDto): Promise<Page<WorkerDto>> {
    return this.workers.list(query);
  }

  @Needs('config', namedIn('body'), { verb: 'scale', target: namedIn('body'), given: ['body', 'scale'] })
  @Describe({
    summary: 'Create a worker',
    answer: oneOf(WorkerDto, WORKER_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'not_found', 'record_invalid', 'conflict'],
  })
  @ReadsAgain('getWorker', { creates: 'workers' })
  @Post()
  createWorker(@Body() body: CreateWorkerDto): Promise<Tagged<WorkerDto>> {
    return this.workers.create(body);
  }

  @Needs('scale', namedIn('body'))
  @Describe({
    summary: 'Set the scale of a worker that is named by app, environment and name',
    about: 'Starts a reconcile, unless a deploy is in progress, which brings the new scale by itself.',
    answer: oneOf(WorkerDto, WORKER_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid'],
  })
  @Put('rescale')
  rescaleWorker(@Body() body: RescaleWorkerDto): Promise<Tagged<WorkerDto>> {
    return this.workers.rescale(body);
  }

  @Needs('read', namedIn('query'))
  @Describe({
    summary: 'Suggest workers for the process types of the newest image that none runs yet',
    about:
      'Process types are found by builds: in the Procfile, or as the buildpacks name them. A worker runs one by its name, ' +
      'or by the suggested command under another.',
    answer: oneOf(WorkerSuggestionsDto, WORKER_SUGGESTIONS_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get('suggestions')
  getWorkerSuggestions(@Query() query: WorkerSuggestionsQueryDto): Promise<WorkerSuggestionsDto> {
    return this.suggestions.find(query);
  }

  @Needs('read', record('worker'))
  @Describe({
    summary: 'Show a worker',
    answer: oneOf(WorkerDto, WORKER_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getWorker(@Param('id') id: string): Promise<Tagged<WorkerDto>> {
    return this.workers.get(id);
  }

  @Needs('config', record('worker'), { verb: 'scale', target: record('worker'), given: ['body', 'scale'] })
  @Describe({
    summary: 'Change a worker',
    about: 'A change of scale starts a reconcile; everything else takes effect with the next deploy.',
    answer: oneOf(WorkerDto, WORKER_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid', 'stale'],
  })
  @Put(':id')
  updateWorker(
    @Param('id') id: string,
    @Body() body: UpdateWorkerDto,
    @IfMatch() precondition: Precondition,
  ): Promise<Tagged<WorkerDto>> {
    return this.workers.update(id, body, precondition);
  }

  @Needs('read', record('worker'))
  @Describe({
    summary: 'List the instances of a worker, as Consul shows them',
    answer: oneOf(WorkerInstancesDto, WORKER_INSTANCES_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id/deploys')
  listWorkerInstances(@Param('id') id: string): Promise<WorkerInstancesDto> {
    return this.instances.list(id);
  }
}
