import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AnswerHold } from '../../http/answer/answer-hold.js';
import { DeployRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { withinSight } from '../../store/within-sight.js';
import { Builds, type WantedBuild } from '../../store/repositories/builds.js';
import { Deploys, isSettled } from '../../store/repositories/deploys.js';
import { Directory } from '../../store/repositories/directory.js';
import type { Chosen } from '../../store/repositories/write-deploy.js';
import { CommitFinder } from '../builds/commit-finder.js';
import type { CreateDeployDto, ListDeploysDto } from './deploy-input.dto.js';
import type { DeployDto } from './deploy.dto.js';
import { DeployOrders } from './deploy-orders.js';
import { DeployViews } from './deploy-views.js';
import { whenBusyOf } from './when-busy.js';

/** Deploys as the API shows them and asks for them. The engine makes them true. */
@Injectable()
export class DeploysService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly deploys: Deploys,
    private readonly hold: AnswerHold,
    private readonly commits: CommitFinder,
    private readonly orders: DeployOrders,
    private readonly views: DeployViews,
  ) {}

  async list(query: ListDeploysDto): Promise<Page<DeployDto>> {
    const select = this.dataSource.getRepository(DeployRow).createQueryBuilder('deploy');
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    if (query.environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(query.environment)).id });
    if (query.state !== undefined) select.andWhere({ state: query.state });
    const page = await readPage(
      withinSight(select, { app: 'deploy.appId', environment: 'deploy.environmentId' }),
      query,
    );
    return new Page(await this.views.of(page.items), page.page, page.perPage, page.totalCount);
  }

  /** The deploy as it is when it settles, or after so many seconds. */
  async get(id: string, seconds?: number): Promise<DeployDto> {
    const deploy = await this.hold.until({ seconds, read: () => this.deploys.get(id), settled: isSettled });
    return this.views.single(deploy);
  }

  /** The id, where there is such a deploy. */
  async known(id: string): Promise<string> {
    return (await this.deploys.get(id)).id;
  }

  /** Whether nothing more happens to it. */
  async isSettled(id: string): Promise<boolean> {
    return isSettled(await this.deploys.get(id));
  }

  async create(body: CreateDeployDto, seconds?: number): Promise<DeployDto> {
    const whenBusy = whenBusyOf(body);
    const app = await this.directory.app(body.app);
    const environment = await this.directory.environment(body.environment);
    const { sha: rref, branch } = await this.commits.find(app, body.rref);
    const build = { appId: app.id, ref: body.rref, rref, branch, callbackUrl: null };
    const deploy = await this.orders.begin({
      appId: app.id,
      environmentId: environment.id,
      callbackUrl: body.callback_url ?? null,
      automatic: body.automatic === true,
      whenBusy,
      choose: (manager) => commitOf(manager, build),
    });
    return this.get(deploy.id, seconds);
  }

  /** Takes a deploy back; the answer is held until that is proven, or for so many seconds. */
  async cancel(id: string, seconds?: number): Promise<DeployDto> {
    await this.orders.cancel(id);
    return this.get(id, seconds);
  }

  /** Lets a deploy that waits for somebody's word go on. */
  async continue(id: string, seconds?: number): Promise<DeployDto> {
    await this.orders.continue(id);
    return this.get(id, seconds);
  }
}

/** A commit, and the build of it, which is written where there is none. */
async function commitOf(manager: EntityManager, wanted: WantedBuild): Promise<Chosen> {
  const build = await Builds.findOrCreate(manager, wanted);
  return { buildId: build.id, rref: build.rref, kind: 'deploy', fromReleaseId: null };
}
