import { Module } from '@nestjs/common';
import { Leases } from '../store/leases.js';
import { AppEnvironments } from '../store/repositories/app-environments.js';
import { BuildProgress } from '../store/repositories/build-progress.js';
import { DeployContent } from '../store/repositories/deploy-content.js';
import { DeployProgress } from '../store/repositories/deploy-progress.js';
import { DeployQueue } from '../store/repositories/deploy-queue.js';
import { HostLoads } from '../store/repositories/host-loads.js';
import { Hosts } from '../store/repositories/hosts.js';
import { PoolTroubles } from '../store/repositories/pool-troubles.js';
import { Instances } from '../store/repositories/instances.js';
import { LookoutRecords } from '../store/repositories/lookout-records.js';
import { PoolSamples } from '../store/repositories/pool-samples.js';
import { PoolScalings } from '../store/repositories/pool-scalings.js';
import { Rooms } from '../store/repositories/rooms.js';
import { ProbeResults } from '../store/repositories/probe-results.js';
import { RunProgress } from '../store/repositories/run-progress.js';
import { ReleaseCommands } from '../store/repositories/release-commands.js';
import { AppEnvironmentRunner } from './app-environments/app-environment-runner.js';
import { GoneHosts } from './app-environments/gone-hosts.js';
import { ImageFinder } from './app-environments/image-finder.js';
import { Mender } from './app-environments/mender.js';
import { Placer } from './app-environments/placer.js';
import { Prober } from './app-environments/prober.js';
import { ReconcileDriver } from './app-environments/reconcile-driver.js';
import { RetryPlacer } from './app-environments/retry-placer.js';
import { RoomSeeker } from './app-environments/room-seeker.js';
import { RevertDriver } from './app-environments/revert-driver.js';
import { ReleaseCommandRunner } from './app-environments/release-command.js';
import { ReleaseContainers } from './app-environments/release-containers.js';
import { RolloutDriver } from './app-environments/rollout-driver.js';
import { RolloutStarter } from './app-environments/rollout-starter.js';
import { StepRunner } from './app-environments/step-runner.js';
import { Stories } from './app-environments/story.js';
import { Watchers } from './app-environments/watchers.js';
import { Autoscaler } from './autoscale/autoscaler.js';
import { BuildAttempt } from './builds/build-attempt.js';
import { BuildDispatcher } from './builds/build-dispatcher.js';
import { BuildRunner } from './builds/build-runner.js';
import { BuildTurns } from './builds/build-turns.js';
import { BuildPlaces } from './builds/build-places.js';
import { ImageMaker } from './builds/image-maker.js';
import { BuildstepMaker } from './builds/makers/buildstep-maker.js';
import { CnbMaker } from './builds/makers/cnb-maker.js';
import { DockerfileMaker } from './builds/makers/dockerfile-maker.js';
import { Leftovers } from './builds/makers/leftovers.js';
import { Makers } from './builds/makers/makers.js';
import { BuildMaking } from '../store/repositories/build-making.js';
import { ObservationModule } from '../observation/observation.module.js';
import { NotificationModule } from '../notification/notification.module.js';
import { DeliveryBell } from '../store/delivery-bell.js';
import { DueDeliveries } from '../store/repositories/due-deliveries.js';
import { OldEvents } from '../store/repositories/old-events.js';
import { ChatThreads } from '../store/repositories/chat-threads.js';
import { CallbackCarrier } from './courier/callback-carrier.js';
import { CARRIERS, type Carrier } from './courier/carrier.js';
import { ChatCarrier } from './courier/chat-carrier.js';
import { Courier } from './courier/courier.js';
import { GithubCarrier } from './courier/github-carrier.js';
import { WebhookCarrier } from './courier/webhook-carrier.js';
import { CleanUps } from '../store/repositories/clean-ups.js';
import { OldLogs } from '../store/repositories/old-logs.js';
import { CleanUpRunner } from './clean-up/clean-up-runner.js';
import { Remover } from './clean-up/remover.js';
import { EngineIdentity } from './engine-identity.js';
import { EngineTraces } from './engine-traces.js';
import { EngineService } from './engine.service.js';
import { GithubFacts } from './github/github-facts.js';
import { GithubReporter } from './github/github-reporter.js';
import { PoolNews } from './host-pools/pool-news.js';
import { PoolNotices } from './host-pools/pool-notices.js';
import { PoolPatience } from './host-pools/pool-patience.js';
import { PoolRunner } from './host-pools/pool-runner.js';
import { PoolSteps } from './host-pools/pool-steps.js';
import { PoolScaler } from './host-pools/scaling/pool-scaler.js';
import { PoolWatch } from './host-pools/pool-watch.js';
import { ForgottenContainers } from './lookout/forgotten-containers.js';
import { LaunchRenewal } from './joining/launch-renewal.js';
import { Lookout } from './lookout/lookout.js';
import { Recalls } from './recalls.js';
import { RunPlaces } from './runs/run-places.js';
import { RunRunner } from './runs/run-runner.js';
import { RunSight } from './runs/run-sight.js';
import { RunSteps } from './runs/run-steps.js';
import { Sweep } from './sweep.js';

const STORE = [
  AppEnvironments,
  BuildProgress,
  ChatThreads,
  DeliveryBell,
  DeployContent,
  DeployProgress,
  DeployQueue,
  DueDeliveries,
  HostLoads,
  Instances,
  Leases,
  LookoutRecords,
  OldEvents,
  ProbeResults,
  ReleaseCommands,
  Rooms,
];
/** Who carries what goes out, one for each channel. */
const CARRIER_CLASSES = [CallbackCarrier, ChatCarrier, GithubCarrier, WebhookCarrier];
const COURIER = [
  Courier,
  GithubFacts,
  GithubReporter,
  ...CARRIER_CLASSES,
  { provide: CARRIERS, inject: CARRIER_CLASSES, useFactory: (...carriers: Carrier[]) => carriers },
];
const CLEAN_UP = [CleanUpRunner, CleanUps, OldLogs, Remover];
const LOOKOUT = [ForgottenContainers, LaunchRenewal, Lookout];
const SCALING = [PoolSamples, PoolScaler, PoolScalings, PoolTroubles];
const HOST_POOLS = [Hosts, PoolNews, PoolNotices, PoolPatience, PoolRunner, PoolSteps, PoolWatch];
const BUILDS = [
  BuildAttempt,
  BuildDispatcher,
  BuildMaking,
  BuildPlaces,
  BuildRunner,
  BuildTurns,
  BuildstepMaker,
  CnbMaker,
  DockerfileMaker,
  ImageMaker,
  Leftovers,
  Makers,
];
const RUNS = [RunPlaces, RunProgress, RunRunner, RunSight, RunSteps];
const APP_ENVIRONMENTS = [
  AppEnvironmentRunner,
  GoneHosts,
  ImageFinder,
  Mender,
  Placer,
  Prober,
  ReconcileDriver,
  ReleaseCommandRunner,
  ReleaseContainers,
  RetryPlacer,
  RevertDriver,
  RolloutDriver,
  RolloutStarter,
  RoomSeeker,
  StepRunner,
  Stories,
  Watchers,
];

/** The part that makes it true. The root module gives it the configuration, the database and the ports. */
@Module({
  imports: [NotificationModule, ObservationModule],
  providers: [
    EngineIdentity,
    EngineTraces,
    EngineService,
    Recalls,
    Sweep,
    ...STORE,
    ...COURIER,
    ...LOOKOUT,
    Autoscaler,
    ...CLEAN_UP,
    ...HOST_POOLS,
    ...SCALING,
    ...BUILDS,
    ...RUNS,
    ...APP_ENVIRONMENTS,
  ],
  exports: [AppEnvironmentRunner, Autoscaler, BuildDispatcher, CleanUpRunner, PoolRunner, RunRunner, Sweep],
})
export class EngineModule {}
