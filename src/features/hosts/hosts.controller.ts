import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../../http/answer/precondition.js';
import type { Tagged } from '../../http/answer/tagged.js';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { HOST_DETAIL_EXAMPLE, HOST_EXAMPLE, HostDetailDto, HostDto, ListHostsDto, UpdateHostDto } from './host.dto.js';
import { HostsService } from './hosts.service.js';

@ApiTags('hosts')
@Controller('hosts')
export class HostsController {
  constructor(private readonly hosts: HostsService) {}

  @Needs('read', everywhere)
  @Describe({
    summary: 'List hosts',
    about:
      'The nodes of the Consul service jockey-STACK-ENVIRONMENT, for each stack and environment asked for, or for all ' +
      'of them. Each host once, ordered by name.',
    answer: pageOf(HostDto, HOST_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listHosts(@Query() query: ListHostsDto): Promise<Page<HostDto>> {
    return this.hosts.list(query);
  }

  @Needs('read', everywhere)
  @Describe({
    summary: 'Show a host, by name, the instances on it, and how far its emptying has come',
    answer: oneOf(HostDetailDto, HOST_DETAIL_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getHost(@Param('id') id: string): Promise<Tagged<HostDetailDto>> {
    return this.hosts.get(id);
  }

  @Needs('manage', everywhere)
  @Describe({
    summary: 'Cordon or empty a host, or let it take new instances again',
    about:
      'A cordoned host gets no new instances; those that run there stay. One that is emptied is cordoned, and what runs ' +
      'there moves, the new before the old. Both can be taken back, and outlive the host in Consul. The last host of a ' +
      'pool that takes instances: 409, unless `force`.',
    answer: oneOf(HostDetailDto, HOST_DETAIL_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid', 'conflict', 'stale'],
  })
  @Put(':id')
  updateHost(
    @Param('id') id: string,
    @Body() body: UpdateHostDto,
    @IfMatch() precondition: Precondition,
  ): Promise<Tagged<HostDetailDto>> {
    return this.hosts.update(id, body, precondition);
  }
}
