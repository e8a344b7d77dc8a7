import { type Verb, VERBS } from '../../domain/access/verb.js';
import { Field, OneOf, type Rule, show, Text, WholeNumber } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { TOKEN_STATES, type TokenState } from '../../store/repositories/api-tokens.js';

/** Most apps or environments that a token names; who needs more means all. */
const MOST_NAMED = 100;

/** How long a token is good for at most where days are said: ten years. */
const MOST_DAYS = 3650;

const LONGEST_NAME = 100;

/** A time with its zone: RFC 3339. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

const NAME = {
  max: LONGEST_NAME,
  pattern: /^[^\p{Cc}]*\S[^\p{Cc}]*$/u,
  shape: 'what the token is for, in one line',
  example: 'nightly deploys',
};

const allOf = (words: unknown[], isGood: (word: string) => boolean): boolean =>
  words.length > 0 &&
  words.length <= MOST_NAMED &&
  new Set(words).size === words.length &&
  words.every((word) => typeof word === 'string' && isGood(word));

const isKey = (word: string): boolean => word !== '' && word !== '*' && word.length <= 63;

const verbsFault: Rule = (value) =>
  Array.isArray(value) && allOf(value, (word) => (VERBS as readonly string[]).includes(word))
    ? null
    : `is ${show(value)}, but should be a list of some of ${VERBS.join(', ')}, each once.`;

const namesFault =
  (noun: string): Rule =>
  (value) =>
    value === '*' || (Array.isArray(value) && allOf(value, isKey))
      ? null
      : `is ${show(value)}, but should be "*" for all, or a list of names or ids of ${noun}s, 1 to ${MOST_NAMED}, each once.`;

const timeFault: Rule = (value) =>
  typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value))
    ? null
    : `is ${show(value)}, but should be a time with its zone: 2027-01-31T12:00:00Z.`;

const LIST = { type: 'array', items: { type: 'string' } } as const;

/** "*" or names: a field of either shape. */
const Names = (noun: string, example: unknown) =>
  Field('map', namesFault(noun), {
    example,
    schema: {
      oneOf: [
        { type: 'string', enum: ['*'] },
        { ...LIST, minItems: 1, maxItems: MOST_NAMED },
      ],
    } as object,
  });

/** A token for scripts and bots, without its text. */
export class TokenDto {
  /** Its id; requests that it sends are those of `token:ID`. */
  id!: string;

  /** What it is for. */
  name!: string;

  /** The end of its text. */
  hint!: string;

  /** `active`, `expired` or `revoked`. */
  state!: string;

  /** What it may do. Any verb lets it read, too. */
  verbs!: string[];

  /** Names of the apps that it may do it to; `["*"]` for all, later ones too. */
  apps!: string[];

  /** Names of the environments that it may do it in; `["*"]` for all, later ones too. */
  environments!: string[];

  /** Who made it. */
  created_by!: string;

  /** When it was made: ISO 8601, UTC. */
  created_at!: string;

  /** When it expires; null for never. */
  expires_at!: string | null;

  /** When it was last used, to the minute; null for never. */
  last_used_at!: string | null;

  /** When it was revoked; null where it was not. */
  revoked_at!: string | null;

  /** Who revoked it; null where nobody did. */
  revoked_by!: string | null;
}

/** A token as the answer to its making shows it. */
export class CreatedTokenDto extends TokenDto {
  /** Its text: `jky_` and 40 letters and digits. It is shown this once, and kept nowhere. */
  token!: string;
}

/** A token as an answer shows it. */
export const TOKEN_EXAMPLE: TokenDto = {
  id: '12',
  name: 'nightly deploys',
  hint: 'jky_…x7Qa',
  state: 'active',
  verbs: ['build', 'deploy'],
  apps: ['sample'],
  environments: ['staging'],
  created_by: 'octocat',
  created_at: '2026-11-21T03:36:00.000Z',
  expires_at: '2027-02-19T03:36:00.000Z',
  last_used_at: null,
  revoked_at: null,
  revoked_by: null,
};

/** A new token as its answer shows it; this one opens nothing. */
export const CREATED_TOKEN_EXAMPLE: CreatedTokenDto = {
  ...TOKEN_EXAMPLE,
  token: `jky_${'0'.repeat(36)}x7Qa`,
};

/** What a new token is to allow. */
export class CreateTokenDto {
  /** What it is for. */
  @Text(NAME)
  name!: string;

  /** What it may do. Nobody can give what they may not do themselves. */
  @Field('map', verbsFault, {
    example: ['build', 'deploy'],
    schema: {
      type: 'array',
      items: { type: 'string', enum: [...VERBS] },
      minItems: 1,
      maxItems: VERBS.length,
    } as object,
  })
  verbs!: Verb[];

  /** `*` for all apps, later ones too, or a list of names or ids. */
  @Names('app', ['sample'])
  apps!: '*' | string[];

  /** `*` for all environments, later ones too, or a list of names or ids. */
  @Names('environment', ['staging'])
  environments!: '*' | string[];

  /** When it expires, as a time with its zone; null for never. 90 days from now where nothing is said. */
  @Field('text', timeFault, {
    ...{ optional: true, nullable: true, example: '2027-02-19T03:36:00.000Z' },
    schema: { type: 'string', format: 'date-time' },
  })
  expires_at?: string | null;

  /** In how many days it expires; stands in the place of `expires_at`. */
  @WholeNumber({ min: 1, max: MOST_DAYS, unit: 'days', optional: true, example: 90 })
  expires_in_days?: number;
}

/** Which tokens are wanted. */
export class ListTokensDto extends PageQueryDto {
  /** Only those of this name. */
  @Text({ ...NAME, optional: true })
  name?: string;

  /** Only those in this state. */
  @OneOf(TOKEN_STATES, { optional: true, example: 'active' })
  state?: TokenState;

  /** Only those that this caller made. */
  @Text({ max: 100, optional: true, example: 'octocat' })
  created_by?: string;
}
