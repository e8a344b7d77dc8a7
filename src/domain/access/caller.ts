import { ALL, type Grant } from './grant.js';
import { VERBS } from './verb.js';

/** What can ask: the bootstrap token, a person, an API token, a run of GitHub Actions, a webhook, a chat, a host for its certificate. */
export const CALLER_KINDS = ['bootstrap', 'person', 'token', 'ci', 'webhook', 'chat', 'host'] as const;

/** One kind of them. */
export type CallerKind = (typeof CALLER_KINDS)[number];

/** Who sent a request, and what they may do. */
export interface Caller {
  readonly kind: CallerKind;
  /** Stable and unique, for logs, the audit and idempotency keys: `octocat`, `token:12`. Never a secret. */
  readonly name: string;
  /** GitHub login of the person, where one is behind it. */
  readonly login: string | null;
  readonly grants: readonly Grant[];
}

/** A person's name among all callers: the login, unless that is what the bootstrap token is called. */
export const nameOfPerson = (login: string): string =>
  login.toLowerCase() === BOOTSTRAP_CALLER.name ? `github:${login}` : login;

/** Every verb, everywhere. */
export const UNLIMITED: readonly Grant[] = [{ verbs: VERBS, apps: ALL, environments: ALL }];

/** The caller that holds the bootstrap token. */
export const BOOTSTRAP_CALLER: Caller = { kind: 'bootstrap', name: 'bootstrap', login: null, grants: UNLIMITED };
