import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BUILD_CONTEXT, buildStatus } from '../../domain/report/build-status.js';
import {
  deployContext,
  deploymentWord,
  deployStatus,
  environmentTag,
  sentenceOf,
} from '../../domain/report/deploy-status.js';
import { REPO_HOST, type RepoHost } from '../../ports/repo-host.js';
import { type AppRow, type DeployRow, type EnvironmentRow, GithubDeploymentRow } from '../../store/entities/index.js';
import { Redactors, type SecretsOf } from '../../store/redactors.js';
import { GithubFacts } from './github-facts.js';

/** Tells GitHub how things are now. All of it may be told again. */
@Injectable()
export class GithubReporter {
  constructor(
    private readonly dataSource: DataSource,
    private readonly facts: GithubFacts,
    private readonly redactors: Redactors,
    @Inject(REPO_HOST) private readonly host: RepoHost,
  ) {}

  /** Marks the commit of a build. */
  async markBuild({ id: appId, repo }: AppRow, buildId: string): Promise<void> {
    const build = await this.facts.newestBuild(buildId);
    const { state, description } = buildStatus(build);
    await this.host.setCommitStatus(repo, build.rref, {
      ...{ state, context: BUILD_CONTEXT, targetUrl: this.facts.linkTo(`/builds/${build.id}`) },
      description: await this.clean({ appId, environmentId: null }, description),
    });
  }

  /** Marks the commit of a deploy. */
  async markDeploy({ repo }: AppRow, deployId: string): Promise<void> {
    const deploy = await this.facts.newestDeploy(deployId);
    const { name } = await this.facts.environmentOf(deploy);
    const { state, description } = deployStatus(deploy);
    await this.host.setCommitStatus(repo, deploy.rref, {
      ...{ state, context: deployContext(name), targetUrl: this.facts.linkTo(`/deploys/${deploy.id}`) },
      description: await this.clean(deploy, description),
    });
  }

  /** Makes the deployment of a deploy, and says how it stands. */
  async report(app: AppRow, deployId: string): Promise<void> {
    const deploy = await this.facts.deploy(deployId);
    const environment = await this.facts.environmentOf(deploy);
    const id = await this.deploymentOf(app, deploy, environment);
    await this.host.setDeploymentStatus(app.repo, id, {
      state: deploymentWord(deploy),
      environmentUrl: this.facts.addressOf(app, environment),
      logUrl: this.facts.linkTo(`/deploys/${deploy.id}/logs`),
      description: await this.clean(deploy, sentenceOf(deploy)),
    });
  }

  /** Moves the tag of the environment to what runs there now. */
  async moveTag({ repo }: AppRow, deployId: string): Promise<void> {
    const current = await this.facts.current(deployId);
    if (current === null) return;
    const { name } = await this.facts.environmentOf(current);
    await this.host.moveTag(repo, environmentTag(name), current.rref);
  }

  /** GitHub's id is kept; where the answer with it was lost, the key finds it again. */
  private async deploymentOf(app: AppRow, deploy: DeployRow, environment: EnvironmentRow): Promise<string> {
    const { manager } = this.dataSource;
    const known = await manager.findOneBy(GithubDeploymentRow, { deployId: deploy.id });
    if (known !== null) return known.githubId;
    const { id: githubId } = await this.host.createDeployment(app.repo, {
      sha: deploy.rref,
      environment: environment.name,
      description: `Deploy ${deploy.id} of ${app.name}`,
      key: this.facts.linkTo(`/deploys/${deploy.id}`) ?? `deploy ${deploy.id}`,
    });
    await manager.upsert(GithubDeploymentRow, { deployId: deploy.id, githubId }, ['deployId']);
    return githubId;
  }

  /** What a container said last may hold what it must not say. */
  private async clean(place: SecretsOf, text: string): Promise<string> {
    return (await this.redactors.of(place)).text(text);
  }
}
