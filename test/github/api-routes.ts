import type { ApiAnswers } from './api-answers.js';
import type { Deployment, DeploymentStatus, GithubWorld, Hook, Person, Repository, Token } from './github-world.js';
import type { Schema } from './json-schema.js';

/** A request of somebody whose token is known. */
export interface ApiRequest {
  readonly world: GithubWorld;
  readonly answers: ApiAnswers;
  readonly token: Token;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Schema;
}

/** What is answered; a list is given out in pages. */
export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Route = (request: ApiRequest) => ApiAnswer;

const DOCUMENTATION = 'https://docs.github.com/rest';

/** GitHub's way to say no. */
export function refusal(status: number, message: string, errors?: readonly unknown[]): ApiAnswer {
  const body = { message, documentation_url: DOCUMENTATION, status: String(status) };
  return { status, body: errors === undefined ? body : { ...body, errors } };
}

const NOT_FOUND = refusal(404, 'Not Found');

const ok = (body: unknown): ApiAnswer => ({ status: 200, body });

/** Scopes that let a classic token see organizations: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps. */
const SEES_ORGANIZATIONS = ['read:org', 'write:org', 'admin:org'];

const has = (token: Token, scopes: readonly string[]): boolean =>
  token.scopes === null || token.scopes.some((each) => scopes.includes(each));

/** Only for a token that may see the organization. */
function inSight(route: (request: ApiRequest) => ApiAnswer): Route {
  return (request) => {
    const { token, params } = request;
    if (!has(token, SEES_ORGANIZATIONS)) return refusal(403, 'You must have the read:org scope to see organizations.');
    if (token.shutOutBy !== null && (params['org'] === undefined || params['org'] === token.shutOutBy))
      return refusal(403, 'Resource protected by organization SAML enforcement.');
    return route(request);
  };
}

/** On a repository; without the scope it is as if it were not there. */
function onRepository(
  scopes: readonly string[],
  route: (request: ApiRequest, repository: Repository) => ApiAnswer,
): Route {
  return (request) => {
    const { owner, repo } = request.params;
    const repository = request.world.repositories.get(`${owner}/${repo}`.toLowerCase());
    if (repository === undefined || !has(request.token, ['repo', ...scopes])) return NOT_FOUND;
    return route(request, repository);
  };
}

const isMember = (person: Person | undefined | null, org: string): boolean =>
  person?.organizations.get(org) !== undefined;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const PEOPLE: Record<string, Route> = {
  'GET /user': ({ token, answers }) =>
    token.person === null ? refusal(403, 'Resource not accessible by integration') : ok(answers.user(token.person)),
  'GET /users/{username}': ({ world, answers, params }) => {
    const person = world.people.get((params['username'] ?? '').toLowerCase());
    return person === undefined ? NOT_FOUND : ok(answers.user(person));
  },
  'GET /user/memberships/orgs/{org}': inSight(({ token, answers, params }) => {
    const { org = '' } = params;
    return token.person !== null && isMember(token.person, org) ? ok(answers.membership(token.person, org)) : NOT_FOUND;
  }),
  'GET /user/teams': inSight(({ token, answers }) => {
    const teams = [...(token.person?.teams ?? [])];
    return ok(teams.flatMap(([org, slugs]) => slugs.map((slug) => answers.fullTeam(slug, org))));
  }),
  'GET /orgs/{org}/memberships/{username}': inSight(({ world, answers, token, params }) => {
    const { org = '', username = '' } = params;
    if (!isMember(token.person, org)) return refusal(403, 'You must be a member of the organization.');
    const person = world.people.get(username.toLowerCase());
    return person !== undefined && isMember(person, org) ? ok(answers.membership(person, org)) : NOT_FOUND;
  }),
  'GET /orgs/{org}/teams': inSight(({ world, answers, params }) =>
    ok(world.teamsOf(params['org'] ?? '').map((slug) => answers.team(slug))),
  ),
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}': inSight(({ world, answers, params }) => {
    const { org = '', team_slug: slug = '', username = '' } = params;
    const isIn = world.people.get(username.toLowerCase())?.teams.get(org)?.includes(slug) === true;
    return isIn ? ok(answers.teamMembership()) : NOT_FOUND;
  }),
};

const HOOKS = ['admin:repo_hook'];

const HOOK_ROUTES: Record<string, Route> = {
  'GET /repos/{owner}/{repo}/hooks': onRepository(HOOKS, ({ answers }, { hooks }) =>
    ok(hooks.map((each) => answers.hook(each))),
  ),
  'POST /repos/{owner}/{repo}/hooks': onRepository(HOOKS, ({ world, answers, body }, { hooks }) => {
    const hook: Hook = {
      events: ['push'],
      active: true,
      ...(body as Partial<Hook>),
      config: configOf(body),
      id: world.nextId(),
    };
    if (hooks.some(({ config }) => config.url === hook.config.url))
      return refusal(422, 'Validation Failed', [
        { resource: 'Hook', code: 'custom', message: 'Hook already exists on this repository' },
      ]);
    hooks.push(hook);
    return { status: 201, body: answers.hook(hook) };
  }),
  'PATCH /repos/{owner}/{repo}/hooks/{hook_id}': onRepository(HOOKS, ({ answers, body, params }, { hooks }) => {
    const at = hooks.findIndex(({ id }) => id === Number(params['hook_id']));
    const known = hooks[at];
    if (known === undefined) return NOT_FOUND;
    const hook: Hook = { ...known, ...(body as Partial<Hook>), config: configOf(body), id: known.id };
    hooks[at] = hook;
    return ok(answers.hook(hook));
  }),
  'DELETE /repos/{owner}/{repo}/hooks/{hook_id}': onRepository(HOOKS, ({ params }, { hooks }) => {
    const at = hooks.findIndex(({ id }) => id === Number(params['hook_id']));
    if (at === -1) return NOT_FOUND;
    hooks.splice(at, 1);
    return { status: 204 };
  }),
};

function configOf(body: Schema): Hook['config'] {
  return { content_type: 'form', ...(body['config'] as Hook['config']) };
}

/** GitHub refuses marks on what it does not have. */
const lacks = ({ commits }: Repository, sha: string): boolean => commits !== null && !commits.has(sha);

const DEPLOYMENTS = ['repo_deployment'];

/** Longest description that GitHub takes, in characters. */
const tooLong = (value: unknown): boolean => text(value).length > 140;

const DELIVERY_ROUTES: Record<string, Route> = {
  'POST /repos/{owner}/{repo}/statuses/{sha}': onRepository(
    ['repo:status'],
    ({ world, answers, params, body }, repository) => {
      const { sha = '' } = params;
      if (lacks(repository, sha)) return refusal(422, `No commit found for SHA: ${sha}`);
      if (tooLong(body['description'])) return refusal(422, 'Validation Failed', ['description is too long']);
      const given = { context: 'default', description: null, target_url: null, state: '', ...body };
      const status = { ...given, id: world.nextId(), sha };
      repository.statuses.push(status);
      return { status: 201, body: answers.status(status, repository) };
    },
  ),
  'GET /repos/{owner}/{repo}/deployments': onRepository(DEPLOYMENTS, ({ answers, query }, { deployments }) => {
    const fits = ({ sha, environment }: Deployment): boolean =>
      [null, sha].includes(query.get('sha')) && [null, environment].includes(query.get('environment'));
    return ok(
      deployments
        .filter(fits)
        .reverse()
        .map((each) => answers.deployment(each)),
    );
  }),
  'POST /repos/{owner}/{repo}/deployments': onRepository(DEPLOYMENTS, ({ world, answers, body }, repository) => {
    const sha = text(body['ref']);
    if (lacks(repository, sha)) return refusal(422, `No ref found for: ${sha}`);
    if (body['required_contexts'] === undefined)
      return refusal(409, 'Conflict: Commit status checks failed for the ref.');
    const environment = text(body['environment'] ?? 'production');
    const given = { sha, environment, payload: body['payload'] ?? '', description: text(body['description']) };
    const deployment = { ...given, id: world.nextId(), statuses: [] };
    repository.deployments.push(deployment);
    return { status: 201, body: answers.deployment(deployment) };
  }),
  'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': onRepository(
    DEPLOYMENTS,
    ({ world, answers, params, body }, { deployments }) => {
      const deployment = deployments.find(({ id }) => id === Number(params['deployment_id']));
      if (deployment === undefined) return NOT_FOUND;
      if (tooLong(body['description'])) return refusal(422, 'Validation Failed', ['description is too long']);
      const given = { description: '', state: '', ...(body as Partial<DeploymentStatus>) };
      const status = { ...given, id: world.nextId() };
      deployment.statuses.push(status);
      return { status: 201, body: answers.deploymentStatus(status, deployment) };
    },
  ),
};

const REF_ROUTES: Record<string, Route> = {
  'GET /repos/{owner}/{repo}/git/ref/{ref}': onRepository([], ({ answers, params }, { refs }) => {
    const ref = `refs/${params['ref']}`;
    const sha = refs.get(ref);
    return sha === undefined ? NOT_FOUND : ok(answers.ref(ref, sha));
  }),
  'POST /repos/{owner}/{repo}/git/refs': onRepository([], ({ answers, body }, repository) => {
    const [ref, sha] = [text(body['ref']), text(body['sha'])];
    if (repository.refs.has(ref)) return refusal(422, 'Reference already exists');
    if (lacks(repository, sha)) return refusal(422, 'Object does not exist');
    repository.refs.set(ref, sha);
    return { status: 201, body: answers.ref(ref, sha) };
  }),
  'PATCH /repos/{owner}/{repo}/git/refs/{ref}': onRepository([], ({ answers, params, body }, repository) => {
    const [ref, sha] = [`refs/${params['ref']}`, text(body['sha'])];
    if (!repository.refs.has(ref)) return refusal(422, 'Reference does not exist');
    if (lacks(repository, sha)) return refusal(422, 'Object does not exist');
    if (body['force'] !== true) return refusal(422, 'Update is not a fast forward');
    repository.refs.set(ref, sha);
    return ok(answers.ref(ref, sha));
  }),
};

/** Every operation that the stand-in knows, by its name in GitHub's description. */
export const ROUTES: Readonly<Record<string, Route>> = { ...PEOPLE, ...HOOK_ROUTES, ...DELIVERY_ROUTES, ...REF_ROUTES };
