import { Module } from '@nestjs/common';
import { CommandsController } from './commands.controller.js';
import { CommandsService } from './commands.service.js';
import { OwnApi } from './own-api.js';

@Module({ controllers: [CommandsController], providers: [CommandsService, OwnApi], exports: [CommandsService, OwnApi] })
export class CommandsModule {}
