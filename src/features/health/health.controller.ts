import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Bare } from '../../http/answer/envelope.interceptor.js';
import { Public } from '../../http/auth/public.decorator.js';
import { bare, Describe } from '../../http/openapi/describe.decorator.js';
import { LIVENESS_EXAMPLE, LivenessDto, READINESS_EXAMPLE, ReadinessDto } from './health.dto.js';
import { HealthService } from './health.service.js';

@ApiTags('health')
@Public()
@Bare()
@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Describe({ summary: 'Say that the process lives', answer: bare(LivenessDto, LIVENESS_EXAMPLE) })
  @Get('healthz')
  getLiveness(): LivenessDto {
    return { status: 'ok' };
  }

  @Describe({
    summary: 'Say whether Jockey can work',
    about: 'Without Postgres the status is 503; without Redis or Consul it is `degraded`, and 200.',
    answer: bare(ReadinessDto, READINESS_EXAMPLE),
  })
  @Get('readyz')
  async getReadiness(@Res({ passthrough: true }) response: Response): Promise<ReadinessDto> {
    const readiness = await this.health.readiness();
    if (readiness.status === 'unavailable') response.status(503);
    return readiness;
  }
}
