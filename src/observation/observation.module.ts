import { Module } from '@nestjs/common';
import { BuildQueue } from '../store/repositories/build-queue.js';
import { AppEnvironments } from '../store/repositories/app-environments.js';
import { HostLoads } from '../store/repositories/host-loads.js';
import { HostPoolRecords } from '../store/repositories/host-pools.js';
import { PoolHosts } from '../store/repositories/pool-hosts.js';
import { BuildDisks } from './build-disks.js';
import { BuildHostSurvey } from './build-host-survey.js';
import { BuildMethods } from './build-methods.js';
import { BuildQueueLook } from './build-queue-look.js';
import { CheckAnswers } from './check-answers.js';
import { HostUserData } from './host-user-data.js';
import { HostStocks } from './host-stocks.js';
import { HostSurvey } from './host-survey.js';
import { Observer } from './observer.js';
import { PoolContents } from '../store/repositories/pool-contents.js';
import { PoolCapacities } from './pool-capacities.js';
import { PoolPulses } from './pool-pulses.js';
import { PoolSights } from './pool-sights.js';
import { ReconcileOutlooks } from './reconcile-outlooks.js';
import { HostJoins } from '../store/repositories/host-joins.js';
import { OldLogs } from '../store/repositories/old-logs.js';
import { RetentionReads } from '../store/repositories/retention-reads.js';
import { RetentionSurvey } from './retention-survey.js';
import { ScalingFactsReads } from '../store/repositories/scaling-facts.js';
import { ScaleSurvey } from './scale-survey.js';
import { StoredImages } from './stored-images.js';
import { WhatIfWorlds } from './what-if-worlds.js';

/** Looks at Docker and Consul, for the engine that mends and for the API that previews. It changes nothing. */
@Module({
  providers: [
    AppEnvironments,
    BuildDisks,
    BuildHostSurvey,
    BuildMethods,
    BuildQueue,
    BuildQueueLook,
    CheckAnswers,
    HostJoins,
    HostLoads,
    HostStocks,
    HostSurvey,
    HostUserData,
    Observer,
    OldLogs,
    HostPoolRecords,
    PoolCapacities,
    PoolContents,
    PoolHosts,
    PoolPulses,
    PoolSights,
    ReconcileOutlooks,
    RetentionReads,
    RetentionSurvey,
    ScaleSurvey,
    ScalingFactsReads,
    StoredImages,
    WhatIfWorlds,
  ],
  exports: [
    HostJoins,
    BuildDisks,
    BuildHostSurvey,
    BuildMethods,
    BuildQueue,
    BuildQueueLook,
    CheckAnswers,
    HostSurvey,
    HostUserData,
    Observer,
    HostPoolRecords,
    PoolCapacities,
    PoolHosts,
    PoolPulses,
    PoolSights,
    ReconcileOutlooks,
    RetentionSurvey,
    ScaleSurvey,
    WhatIfWorlds,
  ],
})
export class ObservationModule {}
