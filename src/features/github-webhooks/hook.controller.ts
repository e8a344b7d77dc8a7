import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { appInPath, Needs } from '../../http/auth/needs.decorator.js';
import { AnswerHoldsSecret, ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { CreateWebhookDto, WEBHOOK_EXAMPLE, WebhookDto } from './hook.dto.js';
import { HookService } from './hook.service.js';

@ApiTags('webhooks')
@Controller('apps/:id/webhook')
export class HookController {
  constructor(private readonly hooks: HookService) {}

  @Needs('read', appInPath())
  @Describe({
    summary: 'Show the GitHub hook of an app, and what came by it last',
    about: 'Never its secret.',
    answer: oneOf(WebhookDto, WEBHOOK_EXAMPLE),
    errors: ['not_found'],
  })
  @Get()
  getWebhook(@Param('id') id: string): Promise<WebhookDto> {
    return this.hooks.get(id);
  }

  @Needs('manage', appInPath())
  @Describe({
    summary: 'Give an app a GitHub hook, or its hook a new secret',
    about:
      'Installs it through GitHub, or brings the one that is there up to date; the secret before it is good until GitHub ' +
      'has the new one. With `install: false`, or where Jockey cannot install it (`why_not` says why), the answer holds ' +
      'what to paste into GitHub by hand: the URL, the events, and once the secret; the one before it ends at once.',
    answer: oneOf(WebhookDto, WEBHOOK_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'not_found', 'record_invalid', 'unprocessable_entity'],
  })
  @AnswerHoldsSecret()
  @ReadsAgain('getWebhook')
  @Post()
  createWebhook(@Param('id') id: string, @Body() body: CreateWebhookDto): Promise<WebhookDto> {
    return this.hooks.create(id, body.install ?? true);
  }
}
