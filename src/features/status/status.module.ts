import { Module } from '@nestjs/common';
import { ProblemFilter } from '../../http/errors/problem.filter.js';
import { CommandsModule } from '../commands/commands.module.js';
import { PageSender } from './page-sender.js';
import { SignInController } from './sign-in.controller.js';
import { StatusAssets } from './status-assets.js';
import { StatusAssetsController } from './status-assets.controller.js';
import { StatusController } from './status.controller.js';
import { StatusReads } from './status-reads.js';

@Module({
  imports: [CommandsModule],
  controllers: [StatusController, StatusAssetsController, SignInController],
  providers: [PageSender, ProblemFilter, StatusAssets, StatusReads],
})
export class StatusModule {}
