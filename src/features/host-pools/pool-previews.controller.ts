import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import { WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { CreateHostPoolDto, UpdateHostPoolDto } from './host-pool-input.dto.js';
import { FEWER_HOSTS_EXAMPLE, FewerHostsDto } from './pool-history.dto.js';
import { POOL_PREVIEW_EXAMPLE, PoolPreviewDto } from './pool-preview.dto.js';
import { PoolPreviewsService } from './pool-previews.service.js';

@ApiTags('host-pools')
@Controller('host_pools')
export class PoolPreviewsController {
  constructor(private readonly previews: PoolPreviewsService) {}

  @Needs('read', everywhere)
  @Describe({
    summary: 'Show what making a host pool would do',
    about: 'Takes what POST /host_pools takes, refuses what it refuses, and changes nothing.',
    answer: oneOf(PoolPreviewDto, POOL_PREVIEW_EXAMPLE),
    status: 200,
    errors: ['bad_request', 'not_found', 'record_invalid', 'unprocessable_entity', 'conflict'],
  })
  @WritesNothing()
  @Post('preview')
  previewHostPool(@Body() body: CreateHostPoolDto): Promise<PoolPreviewDto> {
    return this.previews.ofNew(body);
  }

  @Needs('read', everywhere)
  @Describe({
    summary: 'Show what a change of a host pool would do',
    about: 'Takes what PUT /host_pools/ID takes, refuses what it refuses, and changes nothing.',
    answer: oneOf(PoolPreviewDto, POOL_PREVIEW_EXAMPLE),
    status: 200,
    errors: ['bad_request', 'not_found', 'record_invalid', 'unprocessable_entity'],
  })
  @WritesNothing()
  @Post(':id/preview')
  previewHostPoolChange(@Param('id') id: string, @Body() body: UpdateHostPoolDto): Promise<PoolPreviewDto> {
    return this.previews.ofChange(id, body);
  }

  @Needs('read', everywhere)
  @Describe({
    summary: 'Show what would fit on fewer hosts, and what keeps it from that',
    answer: oneOf(FewerHostsDto, FEWER_HOSTS_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id/fewer_hosts')
  getFewerHosts(@Param('id') id: string): Promise<FewerHostsDto> {
    return this.previews.fewerHosts(id);
  }
}
