import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listed, Needs, record } from '../../http/auth/needs.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { DeliveriesService } from './deliveries.service.js';
import { DELIVERY_EXAMPLE, DeliveryDto, ListDeliveriesDto } from './delivery.dto.js';

@ApiTags('notifications')
@Controller('deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List what went out and is to go out: the delivery log',
    about: 'Settled deliveries are kept for 30 days.',
    answer: pageOf(DeliveryDto, DELIVERY_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listDeliveries(@Query() query: ListDeliveriesDto): Promise<Page<DeliveryDto>> {
    return this.deliveries.list(query);
  }

  @Needs('read', record('delivery'))
  @Describe({
    summary: 'Show a delivery and its attempts',
    answer: oneOf(DeliveryDto, DELIVERY_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getDelivery(@Param('id') id: string): Promise<DeliveryDto> {
    return this.deliveries.get(id);
  }

  @Needs('manage', record('delivery'))
  @Describe({
    summary: 'Deliver again, now',
    about:
      'Also what was delivered, and what was given up. It has the same id as before, so that a receiver that has it can leave it alone.',
    answer: oneOf(DeliveryDto, DELIVERY_EXAMPLE),
    status: 202,
    errors: ['not_found'],
  })
  @ReadsAgain('getDelivery')
  @Post(':id/redeliver')
  redeliver(@Param('id') id: string): Promise<DeliveryDto> {
    return this.deliveries.redeliver(id);
  }
}
