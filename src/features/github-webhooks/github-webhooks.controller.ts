import { Controller, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiTags } from '@nestjs/swagger';
import { Public } from '../../http/auth/public.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { GithubWebhooksService } from './github-webhooks.service.js';
import { RECEIVED_WEBHOOK_EXAMPLE, ReceivedWebhookDto } from './webhook-delivery.dto.js';

@ApiTags('webhooks')
@Controller('github_webhooks')
export class GithubWebhooksController {
  constructor(private readonly webhooks: GithubWebhooksService) {}

  @Public()
  @ApiHeader({ name: 'X-GitHub-Event', required: true, example: 'push', description: 'What happened.' })
  @ApiHeader({
    name: 'X-GitHub-Delivery',
    required: true,
    example: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    description: 'Tells deliveries apart: one that comes again gets the first answer.',
  })
  @ApiHeader({
    name: 'X-Hub-Signature-256',
    required: false,
    example: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    description:
      'HMAC-SHA-256 of the body by the secret of the hook. `X-Hub-Signature` (SHA-1) counts where it is missing.',
  })
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiBody({
    description: 'As GitHub sends it: https://docs.github.com/en/webhooks/webhook-events-and-payloads',
    schema: { type: 'object', additionalProperties: true, example: { zen: 'Keep it logically awesome.' } },
  })
  @Describe({
    summary: 'Take a delivery of GitHub to an app, by its id or name',
    about:
      'No token: the signature says who sends it. An unknown app, an app without secret and a wrong signature are ' +
      'answered alike: 401. A push builds its head commit, and deploys it where a push rule of the app says so. What is ' +
      'declined (another event, a skipped or deleted branch, another repository) is answered 200, and `why` says why.',
    answer: oneOf(ReceivedWebhookDto, RECEIVED_WEBHOOK_EXAMPLE),
    status: 200,
    errors: ['not_authenticated'],
  })
  @Post(':appId')
  receiveGithubWebhook(@Param('appId') appId: string, @Req() request: HttpRequest): Promise<ReceivedWebhookDto> {
    return this.webhooks.receive(appId, request);
  }
}
