import { Controller, Get, Res } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import { Describe } from '../../http/openapi/describe.decorator.js';
import { INSANITY_ANSWER, SANITY_ANSWER, SanityRestDto, type SanityDto } from './sanity.dto.js';
import { SanityService } from './sanity.service.js';

@ApiTags('sanity')
@ApiExtraModels(SanityRestDto)
@Controller('sanity')
export class SanityController {
  constructor(private readonly sanity: SanityService) {}

  @ApiResponse(INSANITY_ANSWER)
  @Needs('read', everywhere)
  @Describe({
    summary: 'Say whether all is as it should be',
    about:
      '200 when it is, 500 with the same body when it is not: each environment by its name, with the reconcile that is ' +
      'due, deploys and reconciles that have been in progress for more than an hour, and the health of the hosts of each ' +
      'stack; and stuck builds and the engines at work. It answers within a few seconds: what does not answer by then is ' +
      'a problem that is told.',
    answer: SANITY_ANSWER,
  })
  @Get()
  async checkSanity(@Res({ passthrough: true }) response: Response): Promise<SanityDto> {
    const { sane, view } = await this.sanity.check();
    if (!sane) response.status(500);
    return view;
  }
}
