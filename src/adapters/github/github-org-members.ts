import type { Octokit } from '@octokit/rest';
import { DomainError, unavailable } from '../../domain/kernel/errors.js';
import type { OrgMember, OrgMembers } from '../../ports/org-members.js';
import { type GithubApi, githubClient, TOKEN_SHAPE } from './github-client.js';
import { answered, answeredUnless, GithubRefusal } from './github-failure.js';

/** What a login is made of; that of an enterprise's managed user ends in `_SHORTCODE`. */
const LOGIN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** Scopes of classic tokens that show whether their holder is a member. */
const SHOWS_MEMBERSHIP = ['read:org', 'write:org', 'admin:org'];

/** Teams asked about side by side. */
const SIDE_BY_SIDE = 8;

const PAGE = 100;

/** Where members are looked for. */
export interface GithubOrganization {
  readonly api: GithubApi;
  /** Its login; nobody is a member where there is none. */
  readonly org: string | undefined;
  /** The server's own token. */
  readonly serverToken: string | undefined;
}

/** Asks GitHub, each time anew: what it said is never kept here. */
export class GithubOrgMembers implements OrgMembers {
  constructor(private readonly place: GithubOrganization) {}

  async memberByToken(token: string): Promise<OrgMember | null> {
    const { org } = this.place;
    if (org === undefined || !TOKEN_SHAPE.test(token)) return null;
    const own = githubClient(this.place.api, token);
    const person = await personOf(own);
    if (person === null) return null;
    const told = await ownMembership(own, org, person.login);
    if (told === 'none') return null;
    if (told !== 'hidden') return { ...person, teams: told };
    return this.server === null ? refuseHidden(person.login, org) : this.seenByServer(this.server, org, person);
  }

  async memberByLogin(login: string): Promise<OrgMember | null> {
    const { org } = this.place;
    if (org === undefined || !LOGIN.test(login)) return null;
    const { server } = this;
    if (server === null)
      throw new DomainError(
        'unprocessable_entity',
        'GITHUB_OAUTH_TOKEN is not set: Jockey needs it to ask GitHub about people by their login.',
      );
    const found = await answeredUnless([404], server.rest.users.getByUsername({ username: login })).catch(
      refusedServer,
    );
    return found === null ? null : this.seenByServer(server, org, profileOf(found.data));
  }

  private get server(): Octokit | null {
    const { api, serverToken } = this.place;
    return serverToken === undefined ? null : githubClient(api, serverToken);
  }

  /** What the server's own token says of a person who was identified before. */
  private async seenByServer(server: Octokit, org: string, person: Person): Promise<OrgMember | null> {
    try {
      const question = server.rest.orgs.getMembershipForUser({ org, username: person.login });
      const membership = await answeredUnless([404], question);
      if (membership === null || !isActive(membership.data, org, person.login)) return null;
      return { ...person, teams: await teamsSeenByServer(server, org, person.login) };
    } catch (error) {
      return refusedServer(error);
    }
  }
}

type Person = Omit<OrgMember, 'teams'>;

/** Null for a token that GitHub refuses, and for one that no person holds, as that of a workflow. */
async function personOf(client: Octokit): Promise<Person | null> {
  try {
    const user = await answeredUnless([401, 403], client.rest.users.getAuthenticated());
    return user === null ? null : profileOf(user.data);
  } catch (error) {
    throw error instanceof GithubRefusal ? strange(error) : error;
  }
}

function profileOf(user: { login?: unknown; id?: unknown; name?: unknown }): Person {
  const { login, id, name } = user;
  if (typeof login !== 'string' || !LOGIN.test(login) || !/^[0-9]+$/.test(String(id)))
    throw unavailable('GitHub', 'it described a person without login or id; check GITHUB_URL and GITHUB_API_URL');
  return { login, githubId: String(id), name: typeof name === 'string' && name !== '' ? name : null };
}

/** The teams of a member, as the token of the person tells it; `hidden` where it may not. */
async function ownMembership(
  client: Octokit,
  org: string,
  login: string,
): Promise<readonly string[] | 'none' | 'hidden'> {
  try {
    const question = client.rest.orgs.getMembershipForAuthenticatedUser({ org });
    const { data } = await answered(question);
    if (!isActive(data, org, login)) return 'none';
    return teamsOf(
      await answered(client.paginate(client.rest.teams.listForAuthenticatedUser, { per_page: PAGE })),
      org,
    );
  } catch (error) {
    if (!(error instanceof GithubRefusal)) throw error;
    return knowsNoMembership(error) ? 'none' : 'hidden';
  }
}

/** GitHub says "not found" to who is no member, and also to a token that may not know: its scopes tell them apart. */
function knowsNoMembership({ status, scopes }: GithubRefusal): boolean {
  if (status === 401) return true;
  return status === 404 && scopes !== null && scopes.some((each) => SHOWS_MEMBERSHIP.includes(each));
}

interface Membership {
  readonly state?: unknown;
  readonly organization?: { readonly login?: unknown } | null;
  readonly user?: { readonly login?: unknown } | null;
}

/** An invitation that was not taken yet is pending. What is not said of this person and this organization is no yes. */
function isActive({ state, organization, user }: Membership, org: string, login: string): boolean {
  return state === 'active' && sameName(organization?.login, org) && sameName(user?.login, login);
}

interface Team {
  readonly slug: string;
  readonly organization: { readonly login: string };
}

const teamsOf = (teams: readonly Team[], org: string): readonly string[] =>
  teams
    .filter(({ organization }) => sameName(organization.login, org))
    .map(({ slug }) => slug)
    .sort();

/** Teams have no list of "those of a person", so each is asked; a member of a child team is one of its parent too. */
async function teamsSeenByServer(server: Octokit, org: string, username: string): Promise<readonly string[]> {
  const all = await answered(server.paginate(server.rest.teams.list, { org, per_page: PAGE }));
  const slugs = all.map(({ slug }) => slug);
  const own: string[] = [];
  while (slugs.length > 0) {
    const asked = slugs.splice(0, SIDE_BY_SIDE).map(async (team_slug) => {
      const question = server.rest.teams.getMembershipForUserInOrg({ org, team_slug, username });
      return (await answeredUnless([404], question))?.data.state === 'active' ? [team_slug] : [];
    });
    own.push(...(await Promise.all(asked)).flat());
  }
  return own.sort();
}

const sameName = (one: unknown, other: string): boolean =>
  typeof one === 'string' && one.toLowerCase() === other.toLowerCase();

function refuseHidden(login: string, org: string): never {
  throw new DomainError(
    'not_authenticated',
    `The token of ${login} does not show whether they are a member of ${org}: give it the scope read:org, and access ` +
      `to ${org} where that asks for it, or let the operator of Jockey set GITHUB_OAUTH_TOKEN.`,
  );
}

/** Whoever comes in cannot mend the server's own token, and a person that it hides is not known to be none. */
function refusedServer(error: unknown): never {
  if (!(error instanceof GithubRefusal)) throw error;
  throw new DomainError(
    'unavailable',
    `GitHub does not tell Jockey who is a member (${error.status} ${error.reason}): the operator should check that ` +
      'GITHUB_OAUTH_TOKEN is valid and has the scope read:org.',
  );
}

const strange = ({ status, reason }: GithubRefusal): DomainError =>
  unavailable('GitHub', `it answered ${status} ${reason}; check GITHUB_URL and GITHUB_API_URL`);
