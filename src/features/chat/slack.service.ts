import { setTimeout as after } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { pino } from 'pino';
import type { Reply } from '../../commands/command.js';
import type { Caller } from '../../domain/access/caller.js';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import { LoginCallers } from '../../http/auth/login-callers.js';
import { CHAT_ROOM, type ChatRoom } from '../../ports/chat-room.js';
import { ChatLinks } from '../../store/repositories/chat-links.js';
import { ChatThreads } from '../../store/repositories/chat-threads.js';
import { CommandsService } from '../commands/commands.service.js';
import type { SlackAnswerDto } from './chat.dto.js';
import type { SlashCommand } from './slash-command.js';

const log = pino({ name: 'chat' });

/** Slack waits 3 seconds for an answer; what takes longer than this is answered later. In milliseconds. */
const PATIENCE = 2_000;

/** Runs slash commands as whoever the person is on GitHub, and goes on in a thread. */
@Injectable()
export class SlackService {
  constructor(
    private readonly commands: CommandsService,
    private readonly links: ChatLinks,
    private readonly callers: LoginCallers,
    private readonly threads: ChatThreads,
    @Inject(CHAT_ROOM) private readonly room: ChatRoom,
  ) {}

  /** The answer within three seconds, whatever takes longer. */
  async answer(command: SlashCommand, requestId: string): Promise<SlackAnswerDto> {
    const running = this.run(command, requestId);
    const late = new AbortController();
    const first = await Promise.race([
      running,
      after(PATIENCE, null, { signal: late.signal, ref: false }).catch(() => null),
    ]);
    late.abort();
    if (first !== null) return first;
    void running.then(({ text }) => this.room.answer(command.responseUrl, text)).catch(complain);
    return privately('It takes a moment; the answer comes here.');
  }

  /** Never throws: what goes wrong is the answer. */
  private async run(command: SlashCommand, requestId: string): Promise<SlackAnswerDto> {
    try {
      const code = /^\s*link\s+([A-Za-z0-9-]{1,20})\s*$/.exec(command.text)?.[1];
      if (code !== undefined) return privately(await this.link(command, code.toUpperCase()));
      const caller = await this.callerOf(command);
      const reply = await this.commands.run({ text: command.text, caller, requestId, key: null });
      if (reply.deploy === null) return privately(reply.text);
      void this.follow(command, reply, caller).catch(complain);
      return { response_type: 'in_channel', text: `${caller.name}: ${reply.text}` };
    } catch (error) {
      if (error instanceof DomainError) return privately(error.message);
      complain(error);
      return privately('Something is wrong inside Jockey; its log tells more.');
    }
  }

  private async link(command: SlashCommand, code: string): Promise<string> {
    const login = await this.links.link({ teamId: command.teamId, userId: command.userId }, code);
    return login === null
      ? 'This code is not good, or not any more: POST /chat_links gives a new one.'
      : `You are ${login} now, with the rights of ${login}.`;
  }

  private async callerOf({ teamId, userId }: SlashCommand): Promise<Caller> {
    const login = await this.links.loginOf({ teamId, userId });
    if (login === null)
      throw new DomainError(
        'forbidden',
        'Who you are on GitHub is not known: POST /chat_links with your token of GitHub gives a code; write it here: link CODE',
      );
    const caller = await this.callers.callerOf(login);
    if (caller === null) throw new DomainError('forbidden', `${login} is no member of the organization.`);
    return caller;
  }

  /** What becomes of the deploy is told in a thread, or where none can be begun, by the address for answers. */
  private async follow({ channel, responseUrl }: SlashCommand, reply: Reply, caller: Caller): Promise<void> {
    const { deploy: deployId, text } = reply;
    if (deployId === null) return;
    const message = this.room.mayPost ? await this.begin(channel, `${caller.name}: ${text}`) : null;
    await this.threads.keep({ deployId, channel, message, responseUrl });
  }

  private async begin(channel: string, text: string): Promise<string | null> {
    try {
      return await this.room.post({ channel, thread: null, text });
    } catch (error) {
      complain(error);
      return null;
    }
  }
}

const privately = (text: string): SlackAnswerDto => ({ response_type: 'ephemeral', text });

const complain = (error: unknown): void => log.warn({ error: sentenceOf(error) }, 'a chat could not be told');
