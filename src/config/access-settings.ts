import { Transform } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateBy,
  type ValidationArguments,
} from 'class-validator';
import { MEMBER_ROLES, type MemberRole } from '../domain/access/grants-of-teams.js';
import { parseTeamRules, TEAM } from '../domain/access/parse-team-rules.js';
import { GithubSettings } from './github-settings.js';
import { toNumber } from './read-value.js';

/** As GitHub allows it: letters, digits and single hyphens within, 39 characters at most. */
const ORGANIZATION = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;

const CACHE = { message: 'should be a whole number of seconds, 0 to 3600' };

const HOURS = { message: 'should be a whole number of hours, 1 to 720' };

/** Who comes in, and what they may do. */
export class AccessSettings extends GithubSettings {
  /** The token of the installation itself, which may do everything. At least 16 characters. */
  @IsString({ message: 'should be set to a secret of at least 16 characters: it may do everything, as Bearer token' })
  @MinLength(16, { message: 'should be a secret of at least 16 characters: it may do everything, as Bearer token' })
  JOCKEY_BOOTSTRAP_TOKEN!: string;

  /** The GitHub organization whose members may come in: by signing in, or with a token of GitHub. */
  @IsOptional()
  @Matches(ORGANIZATION, { message: 'should be the name of a GitHub organization, as in its address: acme' })
  GITHUB_ORG?: string;

  /** A team of that organization that everybody has to be in who comes in by GitHub, as in the team's address. */
  @IsOptional()
  @Matches(TEAM, { message: "should be a team as in its address on GitHub, without the organization's name: staff" })
  GITHUB_TEAM?: string;

  /**
   * What teams are: `ops=admin, developers=deployer:staging|development, release=deployer:production`. The roles are
   * viewer, deployer and admin; without environments they hold in all. Rights of more than one team add up.
   */
  @IsOptional()
  @ValidateBy({ name: 'team-rules', validator: { validate: isTeamRules, defaultMessage: teamRulesFault } })
  ACCESS_TEAMS?: string;

  /**
   * What every member of the organization is, without any team: none, viewer, deployer or admin. Where nothing is said,
   * viewer when `ACCESS_TEAMS` is set, and else ADMIN: then every member may do everything.
   */
  @IsOptional()
  @IsIn(MEMBER_ROLES, { message: `should be one of ${MEMBER_ROLES.join(', ')}` })
  ACCESS_MEMBERS?: MemberRole;

  /** How long an answer of GitHub about a token holds, in seconds: so long may somebody stay who was removed there. */
  @Transform(toNumber)
  @IsInt(CACHE)
  @Min(0, CACHE)
  @Max(3600, CACHE)
  ACCESS_CACHE_SECONDS = 60;

  /** The client id of the OAuth app on GitHub by which people sign in at `/auth/github`. */
  @IsOptional()
  @IsString()
  GITHUB_OAUTH_CLIENT_ID?: string;

  /** The client secret of that OAuth app. */
  @IsOptional()
  @IsString()
  GITHUB_OAUTH_CLIENT_SECRET?: string;

  /** How long a sign-in lasts, in hours. */
  @Transform(toNumber)
  @IsInt(HOURS)
  @Min(1, HOURS)
  @Max(720, HOURS)
  SESSION_HOURS = 12;
}

const faultOf = (value: unknown): string | null =>
  typeof value === 'string' ? parseTeamRules(value).fault : 'it is no text';

function isTeamRules(value: unknown): boolean {
  return faultOf(value) === null;
}

function teamRulesFault(checked?: ValidationArguments): string {
  return `should be teams and their roles, "ops=admin, developers=deployer:staging|development", but ${faultOf(checked?.value)}`;
}
