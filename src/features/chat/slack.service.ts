import { setTimeout as after } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { pino } from 'pino';
import type { Reply } from '../../commands/command.js';
import type { Caller } from '../../domain/access/caller.js';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import { CHAT_ROOM, type ChatRoom } from '../../ports/chat-room.js';
import { ChatThreads } from '../../store/repositories/chat-threads.js';
import { CommandsService } from '../commands/commands.service.js';
import type { SlackAnswerDto } from './chat.dto.js';
import { Speakers } from './speakers.js';
import type { SlashCommand } from './slash-command.js';

const log = pino({ name: 'chat' });

/** Slack waits 3 seconds for an answer; what takes longer than this is answered later. In milliseconds. */
const PATIENCE = 2_000;

/** Runs slash commands as whoever the person is on GitHub, and goes on in a thread. */
@Injectable()
export class SlackService {
  constructor(
    private readonly commands: CommandsService,
    private readonly speakers: Speakers,
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
      const speaker = { teamId: command.teamId, userId: command.userId };
      const linked = await this.speakers.link(speaker, command.text);
      if (linked !== null) return privately(linked);
      const caller = await this.speakers.callerOf(speaker);
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
