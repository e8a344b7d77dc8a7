import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { appInPath, Needs } from '../../http/auth/needs.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { CreatePushRuleDto, ListPushRulesDto, PUSH_RULE_EXAMPLE, PushRuleDto } from './push-rule.dto.js';
import { PushRulesService } from './push-rules.service.js';

@ApiTags('webhooks')
@Controller('apps/:id/push_rules')
export class PushRulesController {
  constructor(private readonly rules: PushRulesService) {}

  @Needs('read', appInPath())
  @Describe({
    summary: 'List where pushes to an app are deployed',
    answer: pageOf(PushRuleDto, PUSH_RULE_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listPushRules(@Param('id') id: string, @Query() query: ListPushRulesDto): Promise<Page<PushRuleDto>> {
    return this.rules.list(id, query);
  }

  @Needs('manage', appInPath(), { verb: 'deploy', target: appInPath(['body', 'environment']) })
  @Describe({
    summary: 'Deploy pushes to a branch of an app to an environment from now on',
    about:
      'Such deploys are automatic: a hold keeps them out, and they wait for one that is in progress. The app must listen ' +
      'to pushes (`subscribe_to_github_webhook`) and have a hook (POST /apps/:id/webhook). Needs the right to deploy ' +
      'there, too. The same rule twice: 409.',
    answer: oneOf(PushRuleDto, PUSH_RULE_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'not_found', 'record_invalid', 'conflict'],
  })
  @ReadsAgain('getPushRule', { creates: 'push_rules', args: ({ params }, ruleId) => [params['id'], ruleId] })
  @Post()
  createPushRule(@Param('id') id: string, @Body() body: CreatePushRuleDto): Promise<PushRuleDto> {
    return this.rules.create(id, body);
  }

  @Needs('read', appInPath())
  @Describe({
    summary: 'Show a push rule of an app',
    answer: oneOf(PushRuleDto, PUSH_RULE_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':ruleId')
  getPushRule(@Param('id') id: string, @Param('ruleId') ruleId: string): Promise<PushRuleDto> {
    return this.rules.get(id, ruleId);
  }

  @Needs('manage', appInPath())
  @Describe({
    summary: 'Take a push rule of an app away, and show what it was',
    answer: oneOf(PushRuleDto, PUSH_RULE_EXAMPLE),
    errors: ['not_found'],
  })
  @Delete(':ruleId')
  deletePushRule(@Param('id') id: string, @Param('ruleId') ruleId: string): Promise<PushRuleDto> {
    return this.rules.delete(id, ruleId);
  }
}
