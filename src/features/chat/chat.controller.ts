import { Controller, Delete, Get, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../domain/access/caller.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { Bare } from '../../http/answer/envelope.interceptor.js';
import { Needs, somewhere } from '../../http/auth/needs.decorator.js';
import { Public } from '../../http/auth/public.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { bare, Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import { AnswerHoldsSecret } from '../../http/idempotency/read-again.decorator.js';
import type { Page } from '../../store/page.js';
import { ChatLinks } from '../../store/repositories/chat-links.js';
import {
  CHAT_LINK_CODE_EXAMPLE,
  CHAT_LINK_EXAMPLE,
  ChatLinkCodeDto,
  ChatLinkDto,
  SLACK_ANSWER_EXAMPLE,
  SlackAnswerDto,
} from './chat.dto.js';
import { ChatLinksService } from './chat-links.service.js';
import { isFromSlack, SIGNING_SECRET } from './slack-signature.js';
import { SlackService } from './slack.service.js';
import { readSlashCommand } from './slash-command.js';

@ApiTags('chat')
@Controller()
export class ChatController {
  constructor(
    @Inject(SIGNING_SECRET) private readonly secret: string | null,
    private readonly links: ChatLinksService,
    private readonly requests: ChatLinks,
    private readonly slack: SlackService,
  ) {}

  @Needs('read', somewhere)
  @Describe({
    summary: 'List your links with a chat',
    answer: pageOf(ChatLinkDto, CHAT_LINK_EXAMPLE),
    errors: ['record_invalid', 'unprocessable_entity'],
  })
  @Get('chat_links')
  listChatLinks(@Query() query: PageQueryDto, @Req() request: HttpRequest): Promise<Page<ChatLinkDto>> {
    return this.links.list(callerOf(request), query);
  }

  @Needs('read', somewhere)
  @Describe({
    summary: 'Get a code that links you with a chat',
    about: 'Whoever says it in the chat within ten minutes is you there, with your rights; it is good once.',
    answer: oneOf(ChatLinkCodeDto, CHAT_LINK_CODE_EXAMPLE),
    status: 201,
    errors: ['unprocessable_entity'],
  })
  @AnswerHoldsSecret()
  @Post('chat_links')
  createChatLink(@Req() request: HttpRequest): Promise<ChatLinkCodeDto> {
    return this.links.createCode(callerOf(request));
  }

  @Needs('read', somewhere)
  @Describe({
    summary: 'Take a link of yours with a chat away',
    answer: oneOf(ChatLinkDto, CHAT_LINK_EXAMPLE),
    errors: ['not_found', 'unprocessable_entity'],
  })
  @Delete('chat_links/:id')
  deleteChatLink(@Param('id') id: string, @Req() request: HttpRequest): Promise<ChatLinkDto> {
    return this.links.remove(callerOf(request), id);
  }

  @Bare()
  @Public()
  @Describe({
    summary: 'Take a slash command of Slack',
    about:
      'The commands are those of GET /commands, run as whoever the person is on GitHub. Signed by Slack, not older than five ' +
      'minutes, and taken once. It is answered within three seconds; deploys are told of in a thread.',
    answer: bare(SlackAnswerDto, SLACK_ANSWER_EXAMPLE),
    errors: ['bad_request', 'not_authenticated', 'payload_too_large'],
  })
  @Post('chat/slack')
  async takeSlashCommand(@Req() request: HttpRequest): Promise<SlackAnswerDto> {
    const { rawBody = Buffer.alloc(0) } = request;
    const signature = this.verified(request, rawBody);
    const command = readSlashCommand(rawBody);
    if (command === null) return { response_type: 'ephemeral', text: 'This is no slash command.' };
    if (!(await this.requests.isFirst(signature)))
      return { response_type: 'ephemeral', text: 'This was answered before; nothing is done twice.' };
    const name = `slack:${command.teamId}:${command.userId}`;
    await request.provenAs?.({ kind: 'chat', name, login: null, grants: [] });
    return this.slack.answer(command, request.id);
  }

  /** The signature, which is checked before anything else is looked at. */
  private verified(request: HttpRequest, body: Buffer): string {
    const signature = request.header('x-slack-signature');
    const timestamp = request.header('x-slack-request-timestamp');
    if (
      this.secret !== null &&
      signature !== undefined &&
      isFromSlack({ signature, timestamp, body }, this.secret, Date.now())
    )
      return signature;
    throw new DomainError(
      'not_authenticated',
      'The signature of Slack is not right, or older than five minutes; SLACK_SIGNING_SECRET has to be that of the Slack app.',
    );
  }
}

const callerOf = (request: HttpRequest): Caller => request.caller as Caller;
