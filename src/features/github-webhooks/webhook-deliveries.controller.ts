import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listed, Needs, record } from '../../http/auth/needs.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import {
  FULL_WEBHOOK_DELIVERY_EXAMPLE,
  ListWebhookDeliveriesDto,
  WEBHOOK_DELIVERY_EXAMPLE,
  WebhookDeliveryDto,
} from './webhook-delivery.dto.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';

@ApiTags('webhooks')
@Controller('webhook_deliveries')
export class WebhookDeliveriesController {
  constructor(private readonly deliveries: WebhookDeliveriesService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List what GitHub delivered, and what came of it',
    about: 'Only deliveries that were signed as they should be are kept; payloads for 30 days.',
    answer: pageOf(WebhookDeliveryDto, WEBHOOK_DELIVERY_EXAMPLE),
    errors: ['record_invalid', 'not_found'],
  })
  @Get()
  listWebhookDeliveries(@Query() query: ListWebhookDeliveriesDto): Promise<Page<WebhookDeliveryDto>> {
    return this.deliveries.list(query);
  }

  @Needs('read', record('webhook delivery'))
  @Describe({
    summary: 'Show a delivery of GitHub with its payload',
    answer: oneOf(WebhookDeliveryDto, FULL_WEBHOOK_DELIVERY_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getWebhookDelivery(@Param('id') id: string): Promise<WebhookDeliveryDto> {
    return this.deliveries.get(id);
  }

  @Needs('deploy', record('webhook delivery'))
  @Describe({
    summary: 'Run a delivery of GitHub anew, from its kept payload',
    about:
      'As if it came now, with the push rules of now and on behalf of who asks; neither that it was here before nor that ' +
      'a later push came stands in its way, and holds do. It is a delivery of its own. Once its payload was pruned: 409.',
    answer: oneOf(WebhookDeliveryDto, { ...WEBHOOK_DELIVERY_EXAMPLE, id: '6', replay_of: '5' }),
    status: 201,
    errors: ['not_found', 'conflict'],
  })
  @ReadsAgain('getWebhookDelivery', { creates: 'webhook_deliveries' })
  @Post(':id/replay')
  replayWebhookDelivery(@Param('id') id: string): Promise<WebhookDeliveryDto> {
    return this.deliveries.replay(id);
  }
}
