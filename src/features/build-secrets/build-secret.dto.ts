import { Field } from '../../http/input/fields.js';

/** What was sent is never shown: it may be a secret in the wrong place. Names and values are checked where they are merged. */
const secretsFault = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? null
    : 'should be a map of secrets: {"NAME": "value"}, or secrets[NAME]=value in a form.';

const SECRETS = {
  example: { NPM_TOKEN: 'correct horse battery staple' },
  schema: { type: 'object' as const, additionalProperties: { type: 'string', nullable: true } },
};

/** What may be known of a secret of builds. */
export class BuildSecretDto {
  /** Its name: the `id` of `RUN --mount=type=secret,id=NAME`. */
  name!: string;

  /** 1 and up; each new value is a new version. */
  version!: number;

  /** Tells two values of this secret apart, and nothing else of them: 12 hexadecimal digits; another key makes others. */
  fingerprint!: string;

  /** Who set this value; null for Jockey itself. */
  author!: string | null;

  /** When this value was set: ISO 8601, UTC. */
  created_at!: string;
}

/** The secrets of an app's builds. */
export class BuildSecretsDto {
  /** By name: their values can be set, and never be read. */
  secrets!: BuildSecretDto[];

  /** Rises with each change. Also the `ETag`. */
  version!: number;
}

/** The secrets of an app's builds as an answer shows them. */
export const BUILD_SECRETS_EXAMPLE: BuildSecretsDto = {
  secrets: [
    {
      name: 'NPM_TOKEN',
      version: 1,
      fingerprint: '3f9a0c51d2e8',
      author: 'octocat',
      created_at: '2026-11-21T03:36:00.000Z',
    },
  ],
  version: 2,
};

/** What is to change of the secrets of an app's builds. */
export class MergeBuildSecretsDto {
  /** Secrets to set; `null` removes one; those that are not named stay. At least 4 characters each. */
  @Field('map', secretsFault, SECRETS)
  secrets!: Record<string, unknown>;
}
