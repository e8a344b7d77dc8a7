import { randomBytes } from 'node:crypto';

/** A person with an account. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  /** Organizations by login: `pending` until an invitation is taken. */
  readonly organizations: Map<string, 'active' | 'pending'>;
  /** Slugs of teams by the organization's login. */
  readonly teams: Map<string, readonly string[]>;
}

/** What a token may do. */
export interface Token {
  /** Null for that of a workflow or an installed app, which is no person. */
  readonly person: Person | null;
  /** Null for a fine-grained one, which names no scopes. */
  readonly scopes: readonly string[] | null;
  /** An organization that the token was not let into, as with SAML sign-on. */
  readonly shutOutBy: string | null;
}

/** A hook of a repository. */
export interface Hook {
  readonly id: number;
  readonly events: readonly string[];
  readonly active: boolean;
  readonly config: { readonly url: string; readonly secret?: string; readonly content_type?: string };
}

/** A mark on a commit. */
export interface Status {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly target_url: string | null;
}

/** A deployment with its statuses, the oldest first. */
export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly description: string | null;
  readonly statuses: DeploymentStatus[];
}

/** How a deployment was said to stand. */
export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly environment_url?: string;
  readonly log_url?: string;
}

/** A repository as the API knows it. Its files are in a bare repository beside it. */
export interface Repository {
  readonly fullName: string;
  /** Ids of commits that it has; null for whatever is asked. */
  commits: Set<string> | null;
  readonly hooks: Hook[];
  readonly statuses: Status[];
  readonly deployments: Deployment[];
  /** Commits by ref: `refs/tags/production`. */
  readonly refs: Map<string, string>;
}

/** What a person is made with. */
export interface NewPerson {
  readonly name?: string;
  /** Teams by organization; to name one is to be a member. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
}

/** Who and what there is on the stand-in. */
export class GithubWorld {
  readonly people = new Map<string, Person>();
  readonly tokens = new Map<string, Token>();
  readonly repositories = new Map<string, Repository>();
  private lastId = 1000;

  /** Adds a person, or gives an account that is there other teams. */
  addPerson(login: string, { name, teams = {} }: NewPerson = {}): Person {
    const known = this.people.get(login.toLowerCase());
    const person = known ?? {
      id: this.nextId(),
      login,
      name: name ?? null,
      organizations: new Map<string, 'active' | 'pending'>(),
      teams: new Map<string, readonly string[]>(),
    };
    for (const [org, slugs] of Object.entries(teams)) {
      person.organizations.set(org, 'active');
      person.teams.set(org, slugs);
    }
    this.people.set(login.toLowerCase(), person);
    return person;
  }

  /** The person was asked to join, and has not answered. */
  invite(login: string, org: string): void {
    this.addPerson(login).organizations.set(org, 'pending');
  }

  /** Takes the membership away; the account and its tokens stay. */
  removeMember(login: string, org: string): void {
    const person = this.addPerson(login);
    person.organizations.delete(org);
    person.teams.delete(org);
  }

  /** A token of a person. Its scopes are those that the sign-in asks for where none are said. */
  tokenOf(login: string, change: Partial<Omit<Token, 'person'>> = {}): string {
    return this.keep({ person: this.addPerson(login), scopes: ['read:org'], shutOutBy: null, ...change }, 'gho_');
  }

  /** A token that no person holds. */
  installationToken(): string {
    return this.keep({ person: null, scopes: null, shutOutBy: null }, 'ghs_');
  }

  revoke(token: string): void {
    this.tokens.delete(token);
  }

  /** Adds a repository; one that is there is answered. */
  addRepository(fullName: string): Repository {
    const known = this.repositories.get(fullName.toLowerCase());
    const lists = { hooks: [], statuses: [], deployments: [] };
    const repository = known ?? { fullName, commits: null, ...lists, refs: new Map<string, string>() };
    this.repositories.set(fullName.toLowerCase(), repository);
    return repository;
  }

  /** Slugs of every team of an organization, sorted. */
  teamsOf(org: string): string[] {
    const all = [...this.people.values()].flatMap((person) => person.teams.get(org) ?? []);
    return [...new Set(all)].sort();
  }

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  private keep(token: Token, prefix: string): string {
    const text = prefix + randomBytes(18).toString('hex');
    this.tokens.set(text, token);
    return text;
  }
}
