import { Global, Module } from '@nestjs/common';
import { RESOURCE_VIEWS } from '../../ports/resource-views.js';
import { Builds } from '../../store/repositories/builds.js';
import { Deploys } from '../../store/repositories/deploys.js';
import { Reconciles } from '../../store/repositories/reconciles.js';
import { DeployViews } from '../deploys/deploy-views.js';
import { ReconcileViews } from '../reconciles/reconcile-views.js';
import { StoredResourceViews } from './stored-resource-views.js';

/** Gives {@link RESOURCE_VIEWS} to the engine, which knows nothing of the API. */
@Global()
@Module({
  providers: [
    Builds,
    Deploys,
    DeployViews,
    Reconciles,
    ReconcileViews,
    { provide: RESOURCE_VIEWS, useClass: StoredResourceViews },
  ],
  exports: [RESOURCE_VIEWS],
})
export class ResourceViewsModule {}
