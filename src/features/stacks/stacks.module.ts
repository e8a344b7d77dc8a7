import { Module } from '@nestjs/common';
import { StacksController } from './stacks.controller.js';
import { StacksService } from './stacks.service.js';

@Module({ controllers: [StacksController], providers: [StacksService] })
export class StacksModule {}
