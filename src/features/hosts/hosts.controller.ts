import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { HOST_EXAMPLE, HostDto, ListHostsDto, UpdateHostDto } from './host.dto.js';
import { HostsService } from './hosts.service.js';

@ApiTags('hosts')
@Controller('hosts')
export class HostsController {
  constructor(private readonly hosts: HostsService) {}

  @Describe({
    summary: 'List hosts',
    about: 'Those that Consul knows, once for each stack and environment that they serve.',
    answer: pageOf(HostDto, HOST_EXAMPLE),
    errors: ['record_invalid', 'not_found'],
  })
  @Get()
  listHosts(@Query() query: ListHostsDto): Promise<Page<HostDto>> {
    return this.hosts.list(query);
  }

  @Describe({
    summary: 'Show a host and its instances',
    answer: oneOf(HostDto, HOST_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getHost(@Param('id') id: string): Promise<HostDto> {
    return this.hosts.get(id);
  }

  @Describe({
    summary: 'Cordon a host, or take that back',
    answer: oneOf(HostDto, HOST_EXAMPLE),
    errors: ['bad_request', 'record_invalid', 'not_found'],
  })
  @Put(':id')
  updateHost(@Param('id') id: string, @Body() body: UpdateHostDto): Promise<HostDto> {
    return this.hosts.update(id, body);
  }
}
