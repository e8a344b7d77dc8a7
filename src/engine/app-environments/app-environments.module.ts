import { Module } from '@nestjs/common';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import { DeployProgress } from '../../store/repositories/deploy-progress.js';
import { HostLoads } from '../../store/repositories/host-loads.js';
import { Instances } from '../../store/repositories/instances.js';
import { Leases } from '../../store/leases.js';
import { LogBook } from '../../store/log-book.js';
import { EngineIdentity } from '../engine-identity.js';
import { AppEnvironmentRunner } from './app-environment-runner.js';
import { Observer } from './observer.js';
import { Placer } from './placer.js';
import { ReconcileDriver } from './reconcile-driver.js';
import { RolloutDriver } from './rollout-driver.js';
import { RolloutStarter } from './rollout-starter.js';
import { StepRunner } from './step-runner.js';
import { Stories } from './story.js';
import { Watchers } from './watchers.js';

/** Rollouts and reconciles. Needs the ports and the database of the root module. */
@Module({
  providers: [
    AppEnvironmentRunner,
    AppEnvironments,
    DeployProgress,
    EngineIdentity,
    HostLoads,
    Instances,
    Leases,
    LogBook,
    Observer,
    Placer,
    ReconcileDriver,
    RolloutDriver,
    RolloutStarter,
    StepRunner,
    Stories,
    Watchers,
  ],
  exports: [AppEnvironmentRunner, AppEnvironments, EngineIdentity, Leases, LogBook],
})
export class AppEnvironmentsModule {}
