import { type DynamicModule, Module } from '@nestjs/common';
import { ChatLinks } from '../../store/repositories/chat-links.js';
import { ChatThreads } from '../../store/repositories/chat-threads.js';
import { CommandsModule } from '../commands/commands.module.js';
import { ChatController } from './chat.controller.js';
import { ChatLinksService } from './chat-links.service.js';
import { ChatMessagesController } from './chat-messages.controller.js';
import { SIGNING_SECRET } from './slack-signature.js';
import { SlackService } from './slack.service.js';
import { Speakers } from './speakers.js';

/** Slash commands, and who gives them. */
@Module({})
export class ChatModule {
  /** Around the signing secret of the Slack app; null where there is none: then no command is taken. */
  static forRoot(signingSecret: string | null): DynamicModule {
    return {
      module: ChatModule,
      imports: [CommandsModule],
      controllers: [ChatController, ChatMessagesController],
      providers: [
        ChatLinks,
        ChatLinksService,
        ChatThreads,
        SlackService,
        Speakers,
        { provide: SIGNING_SECRET, useValue: signingSecret },
      ],
    };
  }
}
