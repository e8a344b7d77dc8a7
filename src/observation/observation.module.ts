import { Module } from '@nestjs/common';
import { HostLoads } from '../store/repositories/host-loads.js';
import { HostSurvey } from './host-survey.js';
import { Observer } from './observer.js';

/** Looks at Docker and Consul, for the engine that mends and for the API that previews. It changes nothing. */
@Module({ providers: [HostLoads, HostSurvey, Observer], exports: [HostSurvey, Observer] })
export class ObservationModule {}
