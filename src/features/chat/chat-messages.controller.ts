import { Body, Controller, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { COMMAND_ERRORS, COMMAND_REPLY_EXAMPLE, CommandReplyDto } from '../commands/command.dto.js';
import { CommandsService } from '../commands/commands.service.js';
import { ChatMessageDto } from './chat.dto.js';
import { Speakers } from './speakers.js';

/** Before the workspaces that bots name, so that no bot can speak as somebody who linked himself with Slack. */
const BOTS = 'bot:';

@ApiTags('chat')
@Controller('chat')
export class ChatMessagesController {
  constructor(
    private readonly speakers: Speakers,
    private readonly commands: CommandsService,
  ) {}

  @Needs('admin', everywhere)
  @Describe({
    summary: 'Run a command that somebody says in a chat, as whoever they are on GitHub',
    about:
      'For a bot that knows for certain who speaks, as Hubot does. It has no rights but those of the person; `link CODE` ' +
      'links the person with the code of POST /chat_links. The bot needs the right `admin`, and no other.',
    answer: oneOf(CommandReplyDto, COMMAND_REPLY_EXAMPLE),
    errors: COMMAND_ERRORS,
  })
  @WritesNothing()
  @Post('messages')
  async takeChatMessage(@Body() body: ChatMessageDto, @Req() request: HttpRequest): Promise<CommandReplyDto> {
    const speaker = { teamId: `${BOTS}${body.team_id}`, userId: body.user_id };
    const linked = await this.speakers.link(speaker, body.text);
    if (linked !== null) return { text: linked, deploy: null };
    const caller = await this.speakers.callerOf(speaker);
    const key = request.header('idempotency-key') ?? null;
    return this.commands.run({ text: body.text, caller, requestId: request.id, key });
  }
}
