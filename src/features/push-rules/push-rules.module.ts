import { Module } from '@nestjs/common';
import { PushRules } from '../../store/repositories/push-rules.js';
import { PushRulesController } from './push-rules.controller.js';
import { PushRulesService } from './push-rules.service.js';

@Module({ controllers: [PushRulesController], providers: [PushRules, PushRulesService] })
export class PushRulesModule {}
