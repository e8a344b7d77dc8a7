import { branchPatternFault, LONGEST_PATTERN } from '../../domain/push/branch-pattern-fault.js';
import { Field, Reference, show } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';

/** A rule: a push to these branches is deployed there. */
export class PushRuleDto {
  /** Its id. */
  id!: string;

  /** The app. */
  app!: AppDto;

  /** The branch, or a pattern of branches. */
  branch!: string;

  /** Where pushes to it are deployed. */
  environment!: EnvironmentDto;

  /** When it was made: ISO 8601, UTC. */
  created_at!: string;
}

/** A rule as an answer shows it. */
export const PUSH_RULE_EXAMPLE: PushRuleDto = {
  id: '3',
  app: { ...APP_EXAMPLE, subscribe_to_github_webhook: true },
  branch: 'main',
  environment: ENVIRONMENT_EXAMPLE,
  created_at: '2026-11-21T03:36:00.000Z',
};

const BRANCH = {
  example: 'main',
  schema: { type: 'string' as const, minLength: 1, maxLength: LONGEST_PATTERN },
};

const branchFault = (value: unknown): string | null =>
  typeof value === 'string'
    ? branchPatternFault(value)
    : `is ${show(value)}, but should be a branch or a pattern of branches.`;

/** What a rule is made of. */
export class CreatePushRuleDto {
  /** A branch, `main`, or a pattern of branches: `release/*`, where `*` stands for anything but a slash; `**` as the last part for all that follows. */
  @Field('text', branchFault, BRANCH)
  branch!: string;

  /** Where pushes to it are deployed, by name or id. */
  @Reference('environment', { example: 'staging' })
  environment!: string;
}

/** Which part of an app's rules is wanted. */
export class ListPushRulesDto extends PageQueryDto {}
