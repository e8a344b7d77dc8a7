import { WholeNumber } from '../../http/input/fields.js';
import { SecretDto } from './config-set.dto.js';

/** A change of a Config Set, as a list of them shows it. */
export class ConfigChangeEntryDto {
  /** The version that it made, 1 and up. */
  version!: number;

  /** Who made it; null where Jockey did, or before authors were kept. */
  author!: string | null;

  /** Why, in the author's words; null where nothing was said. */
  reason!: string | null;

  /** When: ISO 8601, UTC. */
  created_at!: string;

  /** Names of variables that it added, in alphabetical order. */
  added!: string[];

  /** Names of variables that it removed. */
  removed!: string[];

  /** Names of variables that it changed. */
  changed!: string[];
}

/** Such a change. */
export const CONFIG_CHANGE_EXAMPLE: ConfigChangeEntryDto = {
  version: 3,
  author: 'octocat',
  reason: 'the password was rotated',
  created_at: '2026-11-21T03:36:00.000Z',
  added: [],
  removed: [],
  changed: ['DATABASE_PASSWORD'],
};

/** A version of a Config Set with its variables. */
export class ConfigVersionDto extends ConfigChangeEntryDto {
  /** Its variables that are no secrets, name by name. */
  config!: Record<string, string>;

  /** Its secrets, by name. */
  secrets!: SecretDto[];
}

/** Such a version. */
export const CONFIG_VERSION_EXAMPLE: ConfigVersionDto = {
  ...CONFIG_CHANGE_EXAMPLE,
  config: { PORT: '8888', RACK_ENV: 'production' },
  secrets: [{ name: 'DATABASE_PASSWORD', version: 3, fingerprint: '3f9a0c51d2e8' }],
};

/** Which versions are compared. */
export class DiffConfigDto {
  /** Number of the first. */
  @WholeNumber({ min: 1, max: 2_147_483_647, example: 1 })
  from!: number;

  /** Number of the second. */
  @WholeNumber({ min: 1, max: 2_147_483_647, example: 3 })
  to!: number;
}

/** A variable as one version has it. */
export class SeenVariableDto {
  /** Whether it is a secret. */
  secret!: boolean;

  /** Its value; null of a secret. */
  value!: string | null;

  /** Tells two values of a secret apart; null of what is no secret. */
  fingerprint!: string | null;
}

/** A variable that two versions do not have in common. */
export class VariableChangeDto {
  /** Its name. */
  name!: string;

  /** `added`, `removed` or `changed`. */
  change!: string;

  /** As the first has it; null where it is added. */
  from!: SeenVariableDto | null;

  /** As the second has it; null where it is removed. */
  to!: SeenVariableDto | null;
}

/** What the second version has otherwise than the first. */
export class ConfigDiffDto {
  /** Number of the first. */
  from!: number;

  /** Number of the second. */
  to!: number;

  /** In alphabetical order; empty where they are the same. */
  changes!: VariableChangeDto[];
}

/** Such a comparison. */
export const CONFIG_DIFF_EXAMPLE: ConfigDiffDto = {
  from: 1,
  to: 3,
  changes: [
    {
      name: 'DATABASE_PASSWORD',
      change: 'changed',
      from: { secret: true, value: null, fingerprint: 'b06c22f41a90' },
      to: { secret: true, value: null, fingerprint: '3f9a0c51d2e8' },
    },
    { name: 'LOG_LEVEL', change: 'added', from: null, to: { secret: false, value: 'info', fingerprint: null } },
  ],
};
