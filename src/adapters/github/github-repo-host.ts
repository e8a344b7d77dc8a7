import type { Octokit } from '@octokit/rest';
import { DomainError, invalid } from '../../domain/kernel/errors.js';
import { REPO } from '../../domain/kernel/names.js';
import type { CommitStatus, DeploymentSpec, DeploymentState, HookSpec, RepoHost } from '../../ports/repo-host.js';
import { type GithubApi, githubClient } from './github-client.js';
import { answered, answeredUnless, GithubRefusal } from './github-failure.js';

/** Longest description of a status or a deployment that GitHub takes, in characters. */
const LONGEST_DESCRIPTION = 140;

const PAGE = 100;

/** A repository, and who speaks to it. */
interface Place {
  readonly client: Octokit;
  readonly at: { readonly owner: string; readonly repo: string };
}

/** GitHub, spoken to with the server's own token. */
export class GithubRepoHost implements RepoHost {
  constructor(
    private readonly api: GithubApi,
    private readonly token: string | undefined,
  ) {}

  installHook(repo: string, hook: HookSpec): Promise<{ id: string }> {
    return this.on(repo, 'hooks (admin:repo_hook)', async (place) => {
      const known = await hookOf(place, hook.url);
      if (known !== null) return updateHook(place, known, hook);
      return createHook(place, hook);
    });
  }

  removeHook(repo: string, id: string): Promise<void> {
    return this.on(repo, 'hooks (admin:repo_hook)', async (place) => {
      const gone = await answeredUnless(
        [404],
        place.client.rest.repos.deleteWebhook({ ...place.at, hook_id: Number(id) }),
      );
      // A token without the right gets 404 as well; then it cannot list them either.
      if (gone === null) await hooksOf(place);
    });
  }

  setCommitStatus(repo: string, sha: string, status: CommitStatus): Promise<void> {
    const { state, context, targetUrl: target_url } = status;
    const description = shortened(status.description);
    return this.on(repo, 'commit statuses (repo:status)', async ({ client, at }) => {
      await answered(client.rest.repos.createCommitStatus({ ...at, sha, state, context, description, target_url }));
    });
  }

  createDeployment(repo: string, deployment: DeploymentSpec): Promise<{ id: string }> {
    return this.on(repo, 'deployments (repo_deployment)', async (place) => {
      const id = (await knownDeployment(place, deployment)) ?? (await newDeployment(place, deployment));
      return { id };
    });
  }

  setDeploymentStatus(repo: string, deploymentId: string, state: DeploymentState): Promise<void> {
    return this.on(repo, 'deployments (repo_deployment)', async ({ client, at }) => {
      await answered(
        client.rest.repos.createDeploymentStatus({
          ...at,
          deployment_id: Number(deploymentId),
          state: state.state,
          description: shortened(state.description),
          ...(state.environmentUrl === null ? {} : { environment_url: state.environmentUrl }),
          ...(state.logUrl === null ? {} : { log_url: state.logUrl }),
        }),
      );
    });
  }

  moveTag(repo: string, tag: string, sha: string): Promise<void> {
    return this.on(repo, 'tags (repo)', async (place) => {
      const ref = `tags/${tag}`;
      const now = await answeredUnless([404], place.client.rest.git.getRef({ ...place.at, ref }));
      if (now?.data.object.sha === sha) return;
      if (now === null && (await createdRef(place, ref, sha))) return;
      await answered(place.client.rest.git.updateRef({ ...place.at, ref, sha, force: true }));
    });
  }

  /** Does it on a repository; a refusal becomes a sentence that names both, and what the token would need. */
  private async on<T>(repo: string, what: string, act: (place: Place) => Promise<T>): Promise<T> {
    if (!REPO.test(repo)) throw invalid('repo', `"${repo.slice(0, 80)}" should be owner/name.`);
    if (this.token === undefined)
      throw new DomainError('unprocessable_entity', `GITHUB_OAUTH_TOKEN is not set: GitHub takes no ${what} without.`);
    const [owner = '', name = ''] = repo.split('/');
    try {
      return await act({ client: githubClient(this.api, this.token), at: { owner, repo: name } });
    } catch (error) {
      throw error instanceof GithubRefusal ? refused(repo, what, error) : error;
    }
  }
}

const shortened = (text: string): string =>
  text.length <= LONGEST_DESCRIPTION ? text : `${text.slice(0, LONGEST_DESCRIPTION - 1)}…`;

function hooksOf({ client, at }: Place) {
  return answered(client.paginate(client.rest.repos.listWebhooks, { ...at, per_page: PAGE }));
}

async function hookOf(place: Place, url: string): Promise<number | null> {
  return (await hooksOf(place)).find(({ config }) => config.url === url)?.id ?? null;
}

/** Signed, in JSON, and never to a server whose certificate is not checked. */
const configOf = ({ url, secret }: HookSpec) => ({ url, secret, content_type: 'json', insecure_ssl: '0' });

async function createHook(place: Place, hook: HookSpec): Promise<{ id: string }> {
  const { client, at } = place;
  const body = { name: 'web', active: true, events: [...hook.events], config: configOf(hook) };
  const created = await answeredUnless([422], client.rest.repos.createWebhook({ ...at, ...body }));
  if (created !== null) return { id: String(created.data.id) };
  // Another may have installed it meanwhile; else the second try is refused with the same reason.
  const known = await hookOf(place, hook.url);
  if (known !== null) return updateHook(place, known, hook);
  const again = await answered(client.rest.repos.createWebhook({ ...at, ...body }));
  return { id: String(again.data.id) };
}

async function updateHook({ client, at }: Place, id: number, hook: HookSpec): Promise<{ id: string }> {
  const body = { active: true, events: [...hook.events], config: configOf(hook) };
  await answered(client.rest.repos.updateWebhook({ ...at, hook_id: id, ...body }));
  return { id: String(id) };
}

/** The key stands in the payload: GitHub itself has no such thing. */
async function knownDeployment(
  { client, at }: Place,
  { sha, environment, key }: DeploymentSpec,
): Promise<string | null> {
  const filter = { ...at, sha, environment, per_page: PAGE };
  const all = await answered(client.paginate(client.rest.repos.listDeployments, filter));
  const known = all.find(({ payload }) => keyIn(payload) === key);
  return known === undefined ? null : String(known.id);
}

function keyIn(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null || !('jockey' in payload)) return null;
  return payload.jockey;
}

/** Jockey has decided already: nothing is merged, and no check is waited for. */
async function newDeployment({ client, at }: Place, deployment: DeploymentSpec): Promise<string> {
  const { data } = await answered(
    client.rest.repos.createDeployment({
      ...at,
      ref: deployment.sha,
      task: 'deploy',
      auto_merge: false,
      required_contexts: [],
      payload: { jockey: deployment.key },
      environment: deployment.environment,
      description: shortened(deployment.description),
    }),
  );
  if (!('id' in data)) throw new DomainError('unprocessable_entity', 'GitHub merged instead of making a deployment.');
  return String(data.id);
}

/** Whether it was created; false where it is there, as when another made it meanwhile. */
async function createdRef({ client, at }: Place, ref: string, sha: string): Promise<boolean> {
  try {
    await answered(client.rest.git.createRef({ ...at, ref: `refs/${ref}`, sha }));
    return true;
  } catch (error) {
    if (error instanceof GithubRefusal && error.status === 422 && /already exists/i.test(error.reason)) return false;
    throw error;
  }
}

/** "Not found" is also what GitHub says of what a token may not see. */
function refused(repo: string, what: string, { status, reason }: GithubRefusal): DomainError {
  const way =
    status === 422 || status === 409
      ? ''
      : ` Check that ${repo} is there, and that GITHUB_OAUTH_TOKEN is valid and may write its ${what}.`;
  return new DomainError('unprocessable_entity', `GitHub refuses for ${repo} (${status}): ${reason}.${way}`);
}
