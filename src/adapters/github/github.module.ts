import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { ORG_MEMBERS } from '../../ports/org-members.js';
import { REPO_HOST } from '../../ports/repo-host.js';
import { apiUrlOf, type GithubApi, PATIENCE } from './github-client.js';
import { GithubOrgMembers } from './github-org-members.js';
import { GithubRepoHost } from './github-repo-host.js';

/** Gives {@link ORG_MEMBERS} and {@link REPO_HOST}. */
@Module({
  providers: [
    { provide: ORG_MEMBERS, inject: [Environment], useFactory: orgMembers },
    { provide: REPO_HOST, inject: [Environment], useFactory: repoHost },
  ],
  exports: [ORG_MEMBERS, REPO_HOST],
})
export class GithubModule {}

function orgMembers(environment: Environment): GithubOrgMembers {
  const { GITHUB_ORG: org, GITHUB_OAUTH_TOKEN: serverToken } = environment;
  return new GithubOrgMembers({ api: apiOf(environment), org, serverToken });
}

function repoHost(environment: Environment): GithubRepoHost {
  return new GithubRepoHost(apiOf(environment), environment.GITHUB_OAUTH_TOKEN);
}

function apiOf({ GITHUB_URL: url, GITHUB_API_URL: apiUrl }: Environment): GithubApi {
  return { url: apiUrlOf(url, apiUrl), patience: PATIENCE };
}
