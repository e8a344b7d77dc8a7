import { Module } from '@nestjs/common';
import { BuildQueue } from '../store/repositories/build-queue.js';
import { AppEnvironments } from '../store/repositories/app-environments.js';
import { HostLoads } from '../store/repositories/host-loads.js';
import { BuildDisks } from './build-disks.js';
import { BuildHostSurvey } from './build-host-survey.js';
import { BuildMethods } from './build-methods.js';
import { BuildQueueLook } from './build-queue-look.js';
import { CheckAnswers } from './check-answers.js';
import { HostStocks } from './host-stocks.js';
import { HostSurvey } from './host-survey.js';
import { Observer } from './observer.js';
import { PoolPulses } from './pool-pulses.js';
import { ReconcileOutlooks } from './reconcile-outlooks.js';
import { OldLogs } from '../store/repositories/old-logs.js';
import { RetentionReads } from '../store/repositories/retention-reads.js';
import { RetentionSurvey } from './retention-survey.js';
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
    HostLoads,
    HostStocks,
    HostSurvey,
    Observer,
    OldLogs,
    PoolPulses,
    ReconcileOutlooks,
    RetentionReads,
    RetentionSurvey,
    StoredImages,
    WhatIfWorlds,
  ],
  exports: [
    BuildDisks,
    BuildHostSurvey,
    BuildMethods,
    BuildQueue,
    BuildQueueLook,
    CheckAnswers,
    HostSurvey,
    Observer,
    PoolPulses,
    ReconcileOutlooks,
    RetentionSurvey,
    WhatIfWorlds,
  ],
})
export class ObservationModule {}
