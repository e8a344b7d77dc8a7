import { Module } from '@nestjs/common';
import { AppEnvironments } from '../store/repositories/app-environments.js';
import { HostLoads } from '../store/repositories/host-loads.js';
import { CheckAnswers } from './check-answers.js';
import { HostSurvey } from './host-survey.js';
import { Observer } from './observer.js';
import { PoolPulses } from './pool-pulses.js';
import { ReconcileOutlooks } from './reconcile-outlooks.js';
import { WhatIfWorlds } from './what-if-worlds.js';

/** Looks at Docker and Consul, for the engine that mends and for the API that previews. It changes nothing. */
@Module({
  providers: [
    AppEnvironments,
    CheckAnswers,
    HostLoads,
    HostSurvey,
    Observer,
    PoolPulses,
    ReconcileOutlooks,
    WhatIfWorlds,
  ],
  exports: [CheckAnswers, HostSurvey, Observer, PoolPulses, ReconcileOutlooks, WhatIfWorlds],
})
export class ObservationModule {}
