import { Controller, Get, Res } from '@nestjs/common';
import { ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Response } from 'express';
import { Bare } from '../../http/answer/envelope.interceptor.js';
import { Public } from '../../http/auth/public.decorator.js';
import { bare, Describe } from '../../http/openapi/describe.decorator.js';
import { LIVENESS_EXAMPLE, LivenessDto, READINESS_EXAMPLE, ReadinessDto, UNREADY_EXAMPLE } from './health.dto.js';
import { HealthService } from './health.service.js';

@ApiTags('health')
@Public()
@Bare()
@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Describe({
    summary: 'Say that the process lives',
    about:
      'For who starts it again when it does not. It asks nothing else, so that an outage elsewhere restarts nothing.',
    answer: bare(LivenessDto, LIVENESS_EXAMPLE),
  })
  @Get('healthz')
  getLiveness(): LivenessDto {
    return { status: 'ok' };
  }

  @ApiResponse({
    status: 503,
    description: 'Postgres does not answer.',
    content: { 'application/json': { schema: { $ref: getSchemaPath(ReadinessDto) }, example: UNREADY_EXAMPLE } },
  })
  @Describe({
    summary: 'Say whether Jockey can work',
    about:
      'For who sends requests here. Without Postgres the status is 503. `degraded` is 200: without Redis changes are made ' +
      'within a minute instead of at once, without Consul hosts cannot be listed and nothing new is placed.',
    answer: bare(ReadinessDto, READINESS_EXAMPLE),
  })
  @Get('readyz')
  async getReadiness(@Res({ passthrough: true }) response: Response): Promise<ReadinessDto> {
    const readiness = await this.health.readiness();
    response.setHeader('Cache-Control', 'no-store');
    if (readiness.status === 'unavailable') response.status(503);
    return readiness;
  }
}
