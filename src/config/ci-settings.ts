import { IsOptional, IsString, IsUrl, ValidateBy, type ValidationArguments } from 'class-validator';
import { parseCiRules } from '../domain/access/parse-ci-rules.js';
import { AccessSettings } from './access-settings.js';
import { URL_RULE } from './read-value.js';

/** Which runs of GitHub Actions come in without a secret. */
export class CiSettings extends AccessSettings {
  /** Who signs the tokens of runs; a GitHub Enterprise has its own: `https://HOST/_services/token`. */
  @IsUrl(URL_RULE, { message: 'should be a URL: https://token.actions.githubusercontent.com' })
  CI_ISSUER = 'https://token.actions.githubusercontent.com';

  /** For whom those tokens have to be: what the workflow asks for as `audience`. Where nothing is said, no run comes in. */
  @IsOptional()
  @IsString()
  CI_AUDIENCE?: string;

  /**
   * What runs may do, to the apps of their own repository: `acme/*@refs/heads/main=deployer:staging,
   * acme/blog@environment:production=deployer:production`. What stands behind the `@` is the Git ref, or the
   * environment on GitHub that the job is for.
   */
  @IsOptional()
  @ValidateBy({ name: 'ci-rules', validator: { validate: isCiRules, defaultMessage: ciRulesFault } })
  CI_RULES?: string;
}

const faultOf = (value: unknown): string | null =>
  typeof value === 'string' ? parseCiRules(value).fault : 'it is no text';

function isCiRules(value: unknown): boolean {
  return faultOf(value) === null;
}

function ciRulesFault(checked?: ValidationArguments): string {
  return `should be runs and their roles, "acme/*@refs/heads/main=deployer:staging", but ${faultOf(checked?.value)}`;
}
