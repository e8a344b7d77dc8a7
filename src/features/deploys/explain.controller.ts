import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Needs, record } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { DeployExplanationDto, EXPLANATION_EXAMPLE } from './explain.dto.js';
import { ExplainService } from './explain.service.js';

@ApiTags('deploys')
@Controller('deploys')
export class ExplainController {
  constructor(private readonly service: ExplainService) {}

  @Needs('read', record('deploy'))
  @Describe({
    summary: 'Say why a deploy is not where it was asked for',
    about:
      'Every station of it in its order: asked for, the queue or a hold, its build, the engine that works on it (who ' +
      'holds the lease, since when, until when), its places, the release command, each worker with what its instances ' +
      'wait for, a pause, the revert, its end. `answer` is the one that counts. A Consul that is silent is told, and ' +
      'the rest answered.',
    answer: oneOf(DeployExplanationDto, EXPLANATION_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id/explain')
  explainDeploy(@Param('id') id: string): Promise<DeployExplanationDto> {
    return this.service.explain(id);
  }
}
