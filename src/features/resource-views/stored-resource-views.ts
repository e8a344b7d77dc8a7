import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ResourceViews, ViewedNoun } from '../../ports/resource-views.js';
import { Builds } from '../../store/repositories/builds.js';
import { Deploys } from '../../store/repositories/deploys.js';
import { Reconciles } from '../../store/repositories/reconciles.js';
import { appsOf } from '../../store/repositories/views.js';
import { viewOf as buildViewOf } from '../builds/build-view.js';
import { DeployViews } from '../deploys/deploy-views.js';
import { ReconcileViews } from '../reconciles/reconcile-views.js';

/** The views of the API, read from the database. */
@Injectable()
export class StoredResourceViews implements ResourceViews {
  constructor(
    private readonly dataSource: DataSource,
    private readonly builds: Builds,
    private readonly deploys: Deploys,
    private readonly deployViews: DeployViews,
    private readonly reconciles: Reconciles,
    private readonly reconcileViews: ReconcileViews,
  ) {}

  async view(noun: ViewedNoun, id: string): Promise<Readonly<Record<string, unknown>>> {
    return { ...(await this.dto(noun, id)) };
  }

  private async dto(noun: ViewedNoun, id: string): Promise<object> {
    switch (noun) {
      case 'build': {
        const build = await this.builds.get(id);
        return buildViewOf(build, await appsOf(this.dataSource.manager, [build.appId]));
      }
      case 'deploy':
        return this.deployViews.single(await this.deploys.get(id));
      case 'reconcile':
        return this.reconcileViews.single(await this.reconciles.get(id));
    }
  }
}
