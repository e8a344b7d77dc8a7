import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import { AnswerHold } from '../../http/answer/answer-hold.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { type BuildRow, DeployRow } from '../../store/entities/index.js';
import { LogBook } from '../../store/log-book.js';
import { Page, readPage } from '../../store/page.js';
import { Deploys, supersededBy } from '../../store/repositories/deploys.js';
import { Directory } from '../../store/repositories/directory.js';
import { appsOf, buildsOf, environmentsOf } from '../../store/repositories/views.js';
import { CommitFinder } from '../builds/commit-finder.js';
import type { CreateDeployDto, DeployDto, ListDeploysDto } from './deploy.dto.js';
import { instanceOf, noticeOf, viewOf } from './deploy-view.js';

/** Deploys as the API shows them and asks for them. The engine makes them true. */
@Injectable()
export class DeploysService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly deploys: Deploys,
    private readonly hold: AnswerHold,
    private readonly commits: CommitFinder,
    private readonly logBook: LogBook,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  async list(query: ListDeploysDto): Promise<Page<DeployDto>> {
    const select = this.dataSource.getRepository(DeployRow).createQueryBuilder('deploy');
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    if (query.environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(query.environment)).id });
    if (query.state !== undefined) select.andWhere({ state: query.state });
    const page = await readPage(select, query);
    return new Page(await this.viewsOf(page.items), page.page, page.perPage, page.totalCount);
  }

  /** The deploy as it is when it settles, or after so many seconds. */
  async get(id: string, seconds?: number): Promise<DeployDto> {
    const deploy = await this.hold.until({ seconds, read: () => this.deploys.get(id), settled });
    const [[view], instances, scale] = await Promise.all([
      this.viewsOf([deploy]),
      this.deploys.instancesOf(deploy.id),
      this.deploys.scaleOf(deploy),
    ]);
    const notice = noticeOf(deploy.state, { instances: instances.length, scale });
    return { ...(view as DeployDto), notice, instances: instances.map(instanceOf) };
  }

  /** The id, where there is such a deploy. */
  async known(id: string): Promise<string> {
    return (await this.deploys.get(id)).id;
  }

  /** Whether nothing more happens to it. */
  async isSettled(id: string): Promise<boolean> {
    return settled(await this.deploys.get(id));
  }

  async create(body: CreateDeployDto, seconds?: number): Promise<DeployDto> {
    const app = await this.directory.app(body.app);
    const environment = await this.directory.environment(body.environment);
    const rref = await this.commits.find(app, body.rref);
    const { deploy, build, superseded } = await this.deploys.create({
      appId: app.id,
      environmentId: environment.id,
      build: { appId: app.id, ref: body.rref, rref, callbackUrl: null },
      callbackUrl: body.callback_url ?? null,
      force: body.force === true,
    });
    await this.trigger(deploy, build);
    for (const id of superseded) await this.tellSuperseded(id, deploy.id);
    return this.get(deploy.id, seconds);
  }

  private async tellSuperseded(id: string, by: string): Promise<void> {
    const text = `failed: ${supersededBy(by)}`;
    await this.logBook.append({ subject: 'deploy', id }, [{ logger: 'api', level: 'warn', text }]);
  }

  /** A build in progress is told of again: its first trigger may be lost. */
  private async trigger({ appId, environmentId }: DeployRow, build: BuildRow): Promise<void> {
    const toBuild = build.state === 'in_progress' ? [{ kind: 'build' as const, buildId: build.id }] : [];
    const triggers = [...toBuild, { kind: 'app_environment' as const, appId, environmentId }];
    await Promise.all(triggers.map((trigger) => this.queue.send(trigger)));
  }

  private async viewsOf(deploys: readonly DeployRow[]): Promise<DeployDto[]> {
    const { manager } = this.dataSource;
    const ids = (of: (deploy: DeployRow) => string) => deploys.map(of);
    const [apps, environments, builds] = await Promise.all([
      appsOf(
        manager,
        ids(({ appId }) => appId),
      ),
      environmentsOf(
        manager,
        ids(({ environmentId }) => environmentId),
      ),
      buildsOf(
        manager,
        deploys.map(({ buildId }) => buildId),
      ),
    ]);
    return deploys.map((deploy) => viewOf(deploy, { ...apps, environments, builds }));
  }
}

function settled({ state }: DeployRow): boolean {
  return !(IN_PROGRESS_DEPLOY_STATES as readonly string[]).includes(state);
}
