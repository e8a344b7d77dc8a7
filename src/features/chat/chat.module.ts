import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { LoginCallers } from '../../http/auth/login-callers.js';
import { memberPolicyOf } from '../../http/auth/member-policy.js';
import { ORG_MEMBERS, type OrgMembers } from '../../ports/org-members.js';
import { ChatLinks } from '../../store/repositories/chat-links.js';
import { ChatThreads } from '../../store/repositories/chat-threads.js';
import { CommandsModule } from '../commands/commands.module.js';
import { ChatController } from './chat.controller.js';
import { ChatLinksService } from './chat-links.service.js';
import { SlackService } from './slack.service.js';

@Module({
  imports: [CommandsModule],
  controllers: [ChatController],
  providers: [
    ChatLinks,
    ChatLinksService,
    ChatThreads,
    SlackService,
    { provide: LoginCallers, inject: [Environment, ORG_MEMBERS], useFactory: loginCallers },
  ],
})
export class ChatModule {}

function loginCallers(environment: Environment, members: OrgMembers): LoginCallers {
  return new LoginCallers(
    { policy: memberPolicyOf(environment), cacheSeconds: environment.ACCESS_CACHE_SECONDS },
    members,
  );
}
