import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { hostNameOf } from '../../domain/routing/route-host.js';
import { AppRow, BuildRow, DeployRow, EnvironmentRow, type EventRow } from '../../store/entities/index.js';

/** What GitHub is told of, as it is now: what happened may be old when it gets there. */
@Injectable()
export class GithubFacts {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(Environment) private readonly environment: Environment,
  ) {}

  /** Whether Jockey may speak to GitHub. */
  get hasToken(): boolean {
    return this.environment.GITHUB_OAUTH_TOKEN !== undefined;
  }

  /** The app, where GitHub is still to be told of it; null where not. */
  async appOf({ appId }: EventRow): Promise<AppRow | null> {
    const app = await this.dataSource.manager.findOneBy(AppRow, { id: appId ?? '0' });
    return app !== null && app.reportToGithub && app.gitUrl === null ? app : null;
  }

  environmentOf({ environmentId }: Pick<DeployRow, 'environmentId'>): Promise<EnvironmentRow> {
    return this.dataSource.manager.findOneByOrFail(EnvironmentRow, { id: environmentId });
  }

  deploy(id: string): Promise<DeployRow> {
    return this.dataSource.manager.findOneByOrFail(DeployRow, { id });
  }

  /** A mark on a commit is that of its newest build, whichever an event was of. */
  async newestBuild(id: string): Promise<BuildRow> {
    const { manager } = this.dataSource;
    const { appId, rref } = await manager.findOneByOrFail(BuildRow, { id });
    return manager.findOneOrFail(BuildRow, { where: { appId, rref }, order: { id: 'DESC' } });
  }

  /** The newest deploy of the same commit to the same environment. */
  async newestDeploy(id: string): Promise<DeployRow> {
    const { appId, environmentId, rref } = await this.deploy(id);
    const where = { appId, environmentId, rref };
    return this.dataSource.manager.findOneOrFail(DeployRow, { where, order: { id: 'DESC' } });
  }

  /** What runs where this one was deployed to; null where nothing does. */
  async current(id: string): Promise<DeployRow | null> {
    const { appId, environmentId } = await this.deploy(id);
    const where = { appId, environmentId, state: 'deployed' as const };
    return this.dataSource.manager.findOne(DeployRow, { where, order: { id: 'DESC' } });
  }

  /** A page of Jockey, `/deploys/42`; null while it does not know where it is reached. */
  linkTo(path: string): string | null {
    const { JOCKEY_URL: url } = this.environment;
    return url === undefined ? null : url.replace(/\/+$/, '') + path;
  }

  /** Where an app is reached in an environment; null where routers do not know it by a name. */
  addressOf(app: AppRow, environment: EnvironmentRow): string | null {
    const place = { app: app.name, environment: environment.name };
    const host = hostNameOf(this.environment.ROUTING_HOST ?? null, place);
    return host === null ? null : `https://${host}`;
  }
}
