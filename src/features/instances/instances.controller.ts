import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listed, Needs, record } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { INSTANCE_EXAMPLE, ListedInstanceDto, ListInstancesDto } from './instance.dto.js';
import { InstancesService } from './instances.service.js';

@ApiTags('instances')
@Controller('instances')
export class InstancesController {
  constructor(private readonly instances: InstancesService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List instances',
    about:
      'What Jockey has written of them; `GET /workers/{id}/instances` shows what Consul says of those of a worker.',
    answer: pageOf(ListedInstanceDto, INSTANCE_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listInstances(@Query() query: ListInstancesDto): Promise<Page<ListedInstanceDto>> {
    return this.instances.list(query);
  }

  @Needs('read', record('instance'))
  @Describe({ summary: 'Show an instance', answer: oneOf(ListedInstanceDto, INSTANCE_EXAMPLE), errors: ['not_found'] })
  @Get(':id')
  getInstance(@Param('id') id: string): Promise<ListedInstanceDto> {
    return this.instances.get(id);
  }
}
