import { Field, OneOf, Reference, show, Text, WholeNumber } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';

/** Names and values are checked where they are merged, which knows them all. */
const mapFault = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? null
    : `is ${show(value)}, but should be a map of variables: {"NAME": "value"}, or config[NAME]=value in a form.`;

/** What was sent is never shown: it may be a secret in the wrong place. */
const secretsFault = (value: unknown): string | null =>
  mapFault(value) === null ? null : 'should be a map of secrets: {"NAME": "value"}, or secrets[NAME]=value in a form.';

const MAP = {
  example: { DATABASE_URL: 'postgres://db.example.com/sample' },
  schema: { type: 'object' as const, additionalProperties: { type: 'string', nullable: true } },
};

const SECRETS = { ...MAP, example: { DATABASE_PASSWORD: 'correct horse battery staple' } };

/** When a change reaches the containers: with the next deploy, or by a deploy of its own. */
export const APPLY = ['next_deploy', 'roll'] as const;

/** Longest reason, in characters. */
const LONGEST_REASON = 500;

const REASON = { max: LONGEST_REASON, shape: 'why it is changed', optional: true, example: 'the password was rotated' };

/** What may be known of a secret. */
export class SecretDto {
  /** Name of the variable. */
  name!: string;

  /** The version of the Config Set that set this value. */
  version!: number;

  /** Tells two values of this variable apart, and nothing else of them: 12 hexadecimal digits; another key makes others. */
  fingerprint!: string;
}

/** A Config Set: the variables of an app in an environment. */
export class ConfigSetDto {
  /** Its id. */
  id!: string;

  /** The variables that are no secrets, name by name. */
  config!: Record<string, string>;

  /** The same as arguments of `docker run`: ` -e KEY="VALUE"` for each, quoted for a POSIX shell. */
  config_command_line_args!: string;

  /** The variables that are secrets, by name: their values can be set, and never be read. */
  secrets!: SecretDto[];

  /** The app. */
  app!: AppDto;

  /** The environment. */
  environment!: EnvironmentDto;

  /** 1 and up; each change is a new version. Also the `ETag`. */
  version!: number;

  /** When it was created: ISO 8601, UTC. */
  created_at!: string;

  /** When it was changed last: ISO 8601, UTC. */
  updated_at!: string;
}

/** A Config Set as an answer shows it. */
export const CONFIG_SET_EXAMPLE: ConfigSetDto = {
  id: '12',
  config: { PORT: '8888', RACK_ENV: 'production', id: 'production' },
  config_command_line_args: ' -e PORT="8888" -e RACK_ENV="production" -e id="production"',
  app: APP_EXAMPLE,
  environment: ENVIRONMENT_EXAMPLE,
  secrets: [{ name: 'DATABASE_PASSWORD', version: 1, fingerprint: '3f9a0c51d2e8' }],
  version: 1,
  created_at: '2026-11-21T03:36:00.000Z',
  updated_at: '2026-11-21T03:36:00.000Z',
};

/** The deploy that brings a change. */
export class RollDto {
  /** Its id: `GET /deploys/:id`. */
  id!: string;

  /** `created`, or what became of it since. */
  state!: string;

  /** Whether it waits for the deploy in progress. */
  queued!: boolean;
}

/** A Config Set after a change. */
export class ChangedConfigSetDto extends ConfigSetDto {
  /** The deploy that rolls the workers; null where none was begun. */
  deploy!: RollDto | null;

  /** What else is to be known: why nothing is rolled, or that what is secret now can be read in older versions. */
  notice!: string | null;
}

/** The answer to a change. */
export const CHANGED_CONFIG_SET_EXAMPLE: ChangedConfigSetDto = {
  ...CONFIG_SET_EXAMPLE,
  version: 2,
  deploy: { id: '31', state: 'created', queued: false },
  notice: null,
};

/** What a new Config Set is made of. */
export class CreateConfigSetDto {
  /** The app, by name or id. */
  @Reference('app', { example: 'sample' })
  app!: string;

  /** The environment, by name or id. */
  @Reference('environment', { example: 'staging' })
  environment!: string;

  /** Its variables; none where nothing is said. */
  @Field('map', mapFault, { ...MAP, optional: true })
  config?: Record<string, unknown>;

  /** Its secrets: kept encrypted, given to the containers, shown to nobody; at least 4 characters each. */
  @Field('map', secretsFault, { ...SECRETS, optional: true })
  secrets?: Record<string, unknown>;

  /** Why; it stands in the history. */
  @Text({ ...REASON, example: 'the app moves in' })
  reason?: string;
}

/** What is to change of a Config Set. */
export class MergeConfigSetDto {
  /** Variables to set; `null` removes one; those that are not named stay. */
  @Field('map', mapFault, { ...MAP, optional: true })
  config?: Record<string, unknown>;

  /**
   * Secrets to set; `null` removes one; those that are not named stay. At least 4 characters each. A plain variable that is
   * named here becomes a secret; a secret becomes plain when it is removed here and set in `config`.
   */
  @Field('map', secretsFault, { ...SECRETS, optional: true })
  secrets?: Record<string, unknown>;

  /** Why; it stands in the history. */
  @Text(REASON)
  reason?: string;

  /** `next_deploy`, where nothing is said: containers get it then. `roll`: by a deploy of what runs, which needs the right to deploy. */
  @OneOf(APPLY, { optional: true, example: 'roll' })
  apply?: (typeof APPLY)[number];

  /** May say again which app's it is; it stays that app's. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** May say again of which environment it is; it stays there. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}

/** Which version is to come back. */
export class RevertConfigSetDto {
  /** Its number. */
  @WholeNumber({ min: 1, max: 2_147_483_647, example: 3 })
  version!: number;

  /** Why; it stands in the history. */
  @Text({ ...REASON, example: 'the new database is too slow' })
  reason?: string;

  /** `next_deploy`, where nothing is said: containers get it then. `roll`: by a deploy of what runs, which needs the right to deploy. */
  @OneOf(APPLY, { optional: true, example: 'next_deploy' })
  apply?: (typeof APPLY)[number];
}

/** Which Config Sets are wanted. */
export class ListConfigSetsDto extends PageQueryDto {
  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Only those of this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}
