import { ApiProperty } from '@nestjs/swagger';
import type { CallerKind } from '../../domain/access/caller.js';
import { VERBS, type Verb } from '../../domain/access/verb.js';

const ALL_OR_NAMES = {
  oneOf: [
    { type: 'string', enum: ['*'] },
    { type: 'array', items: { type: 'string' } },
  ],
};

/** Verbs on some apps in some environments. */
export class OwnGrantDto {
  /** What may be done there. */
  verbs!: Verb[];

  /** `*` for all, or names of apps. */
  @ApiProperty(ALL_OR_NAMES)
  apps!: '*' | string[];

  /** `*` for all, or names of environments. */
  @ApiProperty(ALL_OR_NAMES)
  environments!: '*' | string[];
}

/** Who asks. */
export class MeDto {
  /** What it is: the bootstrap token, a person, an API token, a run of GitHub Actions, … */
  kind!: CallerKind;

  /** As it stands in logs and in the audit. */
  name!: string;

  /** Its login at GitHub; null where no person is behind it. */
  login!: string | null;

  /** What it may do; a member without a role may do nothing. */
  grants!: OwnGrantDto[];
}

/** A caller as an answer shows it. */
export const ME_EXAMPLE: MeDto = {
  kind: 'person',
  name: 'octocat',
  login: 'octocat',
  grants: [
    { verbs: ['read'], apps: '*', environments: '*' },
    { verbs: [...VERBS].slice(0, 5), apps: '*', environments: ['staging'] },
  ],
};

/** Somebody who came in by GitHub. */
export class PersonDto {
  /** Its id. */
  id!: string;

  /** GitHub's number of the account, which stays when the login changes. */
  github_id!: string;

  /** The login, as it was when the person was last here. */
  login!: string;

  /** The name on the profile; null where none is given. */
  name!: string | null;

  /** When the person first came in. */
  first_seen_at!: string;

  /** When the person was last here, to the minute. */
  last_seen_at!: string;
}

/** A person as an answer shows it. */
export const PERSON_EXAMPLE: PersonDto = {
  id: '4',
  github_id: '583231',
  login: 'octocat',
  name: 'The Octocat',
  first_seen_at: '2026-11-20T09:12:44.120Z',
  last_seen_at: '2026-11-21T10:02:00.003Z',
};
