import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { CHAT_ROOM } from '../../ports/chat-room.js';
import { SlackRoom } from './slack-room.js';

/** Gives {@link CHAT_ROOM}. */
@Module({
  providers: [
    {
      provide: CHAT_ROOM,
      inject: [Environment],
      useFactory: ({ SLACK_API_URL: apiUrl, SLACK_HOOKS_URL: hooksUrl, SLACK_BOT_TOKEN: botToken }: Environment) =>
        new SlackRoom({ apiUrl, hooksUrl, botToken }),
    },
  ],
  exports: [CHAT_ROOM],
})
export class SlackModule {}
