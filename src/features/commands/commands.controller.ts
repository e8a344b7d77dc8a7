import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../domain/access/caller.js';
import { Needs, somewhere } from '../../http/auth/needs.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import {
  COMMAND_ERRORS,
  COMMAND_EXAMPLE,
  COMMAND_REPLY_EXAMPLE,
  CommandDto,
  CommandReplyDto,
  RunCommandDto,
} from './command.dto.js';
import { CommandsService } from './commands.service.js';

@ApiTags('commands')
@Controller('commands')
export class CommandsController {
  constructor(private readonly commands: CommandsService) {}

  @Needs('read', somewhere)
  @Describe({
    summary: 'List the commands that chats and the CLI share',
    answer: pageOf(CommandDto, COMMAND_EXAMPLE),
  })
  @Get()
  listCommands(): Page<CommandDto> {
    return this.commands.list();
  }

  @Needs('read', somewhere)
  @Describe({
    summary: 'Run a command',
    about:
      'What a chat and the CLI do with a line. It can do what its caller can do by the rest of the API, and is refused with ' +
      'the same words; the audit shows what it did there.',
    answer: oneOf(CommandReplyDto, COMMAND_REPLY_EXAMPLE),
    errors: COMMAND_ERRORS,
  })
  @WritesNothing()
  @Post()
  runCommand(@Body() body: RunCommandDto, @Req() request: HttpRequest): Promise<CommandReplyDto> {
    const caller = request.caller as Caller;
    const key = request.header('idempotency-key') ?? null;
    return this.commands.run({ text: body.text, caller, requestId: request.id, key });
  }
}
