import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../../http/answer/precondition.js';
import type { Tagged } from '../../http/answer/tagged.js';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import { ReadsAgain, WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { CreateHostPoolDto, DeleteHostPoolDto, ListHostPoolsDto, UpdateHostPoolDto } from './host-pool-input.dto.js';
import { POOL_EXAMPLE, PoolDto } from './host-pool.dto.js';
import { HostPoolsService } from './host-pools.service.js';

@ApiTags('host-pools')
@Controller('host_pools')
export class HostPoolsController {
  constructor(private readonly pools: HostPoolsService) {}

  @Needs('read', everywhere)
  @Describe({
    summary: 'List host pools, what is wanted of them and what there is',
    about:
      'Each with what its group, Consul and Jockey say of its hosts, and where they disagree. A group that cannot be ' +
      'asked is `trouble` of its pool; the others are shown all the same.',
    answer: pageOf(PoolDto, POOL_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listHostPools(@Query() query: ListHostPoolsDto): Promise<Page<PoolDto>> {
    return this.pools.list(query);
  }

  @Needs('manage', everywhere)
  @Describe({
    summary: 'Create a host pool: make an Auto Scaling Group, adopt one, or note hosts that people register',
    about:
      'A new group is started from `launch`. One that is adopted keeps its template and gets the hook, the protection ' +
      'and the tags that Jockey needs. 409 where the place or the group has a pool, where a new group is there already, ' +
      "and where an adopted one is another Jockey's, unless `take_over`. What Amazon refuses: 422, and nothing is kept.",
    answer: oneOf(PoolDto, POOL_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'not_found', 'record_invalid', 'unprocessable_entity', 'conflict'],
  })
  @ReadsAgain('getHostPool', { creates: 'host_pools' })
  @Post()
  createHostPool(@Body() body: CreateHostPoolDto): Promise<Tagged<PoolDto>> {
    return this.pools.create(body);
  }

  @Needs('read', everywhere)
  @Describe({
    summary: 'Show a host pool and its hosts',
    answer: oneOf(PoolDto, POOL_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getHostPool(@Param('id') id: string): Promise<Tagged<PoolDto>> {
    return this.pools.get(id);
  }

  @Needs('manage', everywhere)
  @Describe({
    summary: 'Change the limits, the count, the policy or the launch settings of a host pool',
    about:
      'More hosts are asked for at once. Fewer are a wish: an engine empties the hosts that are cheapest to empty, and ' +
      'then lets them go. Where only the limits are said, the count comes within them.',
    answer: oneOf(PoolDto, POOL_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid', 'unprocessable_entity', 'conflict', 'stale'],
  })
  @Put(':id')
  updateHostPool(
    @Param('id') id: string,
    @Body() body: UpdateHostPoolDto,
    @IfMatch() precondition: Precondition,
  ): Promise<Tagged<PoolDto>> {
    return this.pools.update(id, body, precondition);
  }

  @Needs('manage', everywhere)
  @Describe({
    summary: 'Forget a host pool, or delete it with its group',
    about:
      'The group and its machines stay, and nothing scales them any more; the hook stays too, and holds a machine that ' +
      'ends for as long as it says. With `keep_group=false` the group and all of its machines go: 409 while any ' +
      'instance is on them.',
    answer: oneOf(PoolDto, POOL_EXAMPLE),
    errors: ['not_found', 'record_invalid', 'unprocessable_entity', 'conflict', 'stale'],
  })
  @Delete(':id')
  deleteHostPool(
    @Param('id') id: string,
    @Query() query: DeleteHostPoolDto,
    @IfMatch() precondition: Precondition,
  ): Promise<PoolDto> {
    return this.pools.delete(id, query, precondition);
  }

  @Needs('read', everywhere)
  @Describe({
    summary: 'Have a host pool looked at now',
    about: 'An engine looks at it within moments; without this it does so every few seconds.',
    answer: oneOf(PoolDto, POOL_EXAMPLE),
    status: 202,
    errors: ['not_found'],
  })
  @WritesNothing()
  @Post(':id/look')
  lookAtHostPool(@Param('id') id: string): Promise<Tagged<PoolDto>> {
    return this.pools.look(id);
  }
}
