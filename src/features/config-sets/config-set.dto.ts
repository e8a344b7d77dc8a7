import { Field, Reference, show } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';

/** Names and values are checked where they are merged, which knows them all. */
const mapFault = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? null
    : `is ${show(value)}, but should be a map of variables: {"NAME": "value"}, or config[NAME]=value in a form.`;

const MAP = {
  example: { DATABASE_URL: 'postgres://db.example.com/sample' },
  schema: { type: 'object' as const, additionalProperties: { type: 'string', nullable: true } },
};

/** A Config Set: the variables of an app in an environment. */
export class ConfigSetDto {
  /** Its id. */
  id!: string;

  /** The variables, name by name. */
  config!: Record<string, string>;

  /** The same as arguments of `docker run`: ` -e KEY="VALUE"` for each, quoted for a POSIX shell. */
  config_command_line_args!: string;

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
  version: 1,
  created_at: '2026-11-21T03:36:00.000Z',
  updated_at: '2026-11-21T03:36:00.000Z',
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
}

/** What is to change of a Config Set. */
export class MergeConfigSetDto {
  /** Variables to set; `null` removes one; those that are not named stay. */
  @Field('map', mapFault, { ...MAP, optional: true })
  config?: Record<string, unknown>;

  /** May say again which app's it is; it stays that app's. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** May say again of which environment it is; it stays there. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
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
