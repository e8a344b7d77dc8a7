import { describe } from 'vitest';
import { GithubOrgMembers } from '../../src/adapters/github/github-org-members.js';
import { GithubRepoHost } from '../../src/adapters/github/github-repo-host.js';
import { unavailable } from '../../src/domain/kernel/errors.js';
import type { DeploymentState } from '../../src/ports/repo-host.js';
import type { Edition } from '../github/github-description.js';
import { GithubStandIn } from '../github/github-stand-in.js';
import type { DeploymentStatus } from '../github/github-world.js';
import { aMember, FakeOrgMembers, FakeRepoHost } from '../support/fake-github.js';
import { orgMembersContract, type OrgMembersSetUp } from './org-members.contract.js';
import { repoHostContract, type RepoHostSetUp } from './repo-host.contract.js';

const ORG = 'acme';
const AWAY = unavailable('GitHub', 'it is away');
const NOWHERE = 'acme/nowhere';

orgMembersContract('in memory', async () => fakeMembers());
repoHostContract('in memory', async () => fakeHost());

describe.each<Edition>(['api.github.com', 'ghes-3.17'])('as described by %s', (edition) => {
  orgMembersContract('GitHub, with tokens that show what they need', () => realMembers(edition, ['read:org']));
  orgMembersContract("GitHub, by the server's own token", () => realMembers(edition, []));
  repoHostContract('GitHub', () => realHost(edition));
});

function fakeMembers(): OrgMembersSetUp {
  const members = new FakeOrgMembers();
  const tokens = new Map<string, string>();
  return {
    members,
    join: (login, facts) => {
      const token = members.add(aMember(login, facts), tokens.get(login));
      tokens.set(login, token);
      return token;
    },
    leave: (login) => members.remove(login),
    stranger: () => 'gho_of-a-stranger',
    whileAway: (run) => failing(members, run),
    close: async () => undefined,
  };
}

async function realMembers(edition: Edition, scopes: readonly string[]): Promise<OrgMembersSetUp> {
  const standIn = await GithubStandIn.start({ edition });
  standIn.pageSize = 1;
  const { world } = standIn;
  world.addPerson('jockey-bot', { teams: { [ORG]: [] } });
  const serverToken = world.tokenOf('jockey-bot');
  const api = { url: standIn.apiUrl, patience: 5_000 };
  return {
    members: new GithubOrgMembers({ api, org: ORG, serverToken }),
    join: (login, { name, teams = [] }) => {
      world.addPerson(login, {
        ...(name === undefined ? {} : { name }),
        teams: { [ORG]: teams, elsewhere: ['admins'] },
      });
      return world.tokenOf(login, { scopes });
    },
    leave: (login) => world.removeMember(login, ORG),
    stranger: () => {
      world.addPerson('stranger', { teams: { elsewhere: ['ops'] } });
      return world.tokenOf('stranger', { scopes });
    },
    whileAway: (run) => troubled(standIn, run),
    close: () => standIn.stop(),
  };
}

function fakeHost(): RepoHostSetUp {
  const host = new FakeRepoHost();
  host.missing.add(NOWHERE);
  let count = 0;
  return {
    host,
    nowhere: NOWHERE,
    repository: () => `acme/web-${(count += 1)}`,
    hooks: (repo) => host.hooks.filter((each) => each.repo === repo).map(({ repo: _repo, ...hook }) => hook),
    statuses: (repo, sha) =>
      host.statuses
        .filter((each) => each.repo === repo && each.sha === sha)
        .map(({ repo: _repo, sha: _sha, ...status }) => status),
    deployments: (repo) =>
      host.deployments.filter((each) => each.repo === repo).map(({ repo: _repo, key: _key, ...rest }) => rest),
    tag: (repo, name) => host.tags.get(`${repo} ${name}`) ?? null,
    whileAway: (run) => failing(host, run),
    close: async () => undefined,
  };
}

async function realHost(edition: Edition): Promise<RepoHostSetUp> {
  const standIn = await GithubStandIn.start({ edition });
  standIn.pageSize = 1;
  const token = standIn.world.tokenOf('jockey-bot', { scopes: ['repo', 'admin:repo_hook'] });
  const repositoryOf = (repo: string) => standIn.world.addRepository(repo);
  let count = 0;
  return {
    host: new GithubRepoHost({ url: standIn.apiUrl, patience: 5_000 }, token),
    nowhere: NOWHERE,
    repository: () => repositoryOf(`acme/web-${(count += 1)}`).fullName,
    hooks: (repo) =>
      repositoryOf(repo).hooks.map(({ id, events, config: { url, secret = '' } }) => {
        return { id: String(id), url, secret, events };
      }),
    statuses: (repo, sha) =>
      repositoryOf(repo)
        .statuses.filter((each) => each.sha === sha)
        .map(({ state, context, description, target_url }) => {
          return { state: state as 'pending', context, description: description ?? '', targetUrl: target_url };
        }),
    deployments: (repo) =>
      repositoryOf(repo).deployments.map(({ id, sha, environment, description, statuses }) => {
        return { id: String(id), sha, environment, description: description ?? '', states: statuses.map(stateOf) };
      }),
    tag: (repo, name) => repositoryOf(repo).refs.get(`refs/tags/${name}`) ?? null,
    whileAway: (run) => troubled(standIn, run),
    close: () => standIn.stop(),
  };
}

function stateOf({ state, description, environment_url, log_url }: DeploymentStatus): DeploymentState {
  const urls = { environmentUrl: environment_url ?? null, logUrl: log_url ?? null };
  return { state: state as DeploymentState['state'], description, ...urls };
}

async function failing(fake: { failing: Error | null }, run: () => Promise<void>): Promise<void> {
  fake.failing = AWAY;
  await run().finally(() => (fake.failing = null));
}

async function troubled(standIn: GithubStandIn, run: () => Promise<void>): Promise<void> {
  standIn.trouble = { kind: 'down' };
  await run().finally(() => (standIn.trouble = null));
}
