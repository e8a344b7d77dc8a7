import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DeployRow } from '../../store/entities/index.js';
import { aroundDeploys } from '../../store/repositories/around-deploys.js';
import { Deploys } from '../../store/repositories/deploys.js';
import { deploysInProgress } from '../../store/repositories/deploys-in-progress.js';
import type { DeployDto } from './deploy.dto.js';
import { noticeOf } from './deploy-notice.js';
import { instanceOf, viewOf } from './deploy-view.js';

/** Deploys with all that their views show. */
@Injectable()
export class DeployViews {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deploys: Deploys,
  ) {}

  /** As they stand in a list. */
  async of(deploys: readonly DeployRow[]): Promise<DeployDto[]> {
    const seen = await aroundDeploys(this.dataSource.manager, deploys);
    return deploys.map((deploy) => viewOf(deploy, seen));
  }

  /** One with its instances, and what is to be noticed. */
  async single(deploy: DeployRow): Promise<DeployDto> {
    const { appId, environmentId } = deploy;
    const [seen, instances, scale, open] = await Promise.all([
      aroundDeploys(this.dataSource.manager, [deploy]),
      this.deploys.instancesOf(deploy.id),
      this.deploys.scaleOf(deploy),
      deploysInProgress(this.dataSource.manager, { appId, environmentId }),
    ]);
    const inProgress = open.find(({ queued }) => !queued) ?? null;
    const view = viewOf(deploy, seen);
    const notice = noticeOf(deploy, { instances: instances.length, scale, inProgress, position: view.position });
    return { ...view, notice, instances: instances.map(instanceOf) };
  }
}
