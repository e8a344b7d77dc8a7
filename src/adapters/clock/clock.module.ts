import { Module } from '@nestjs/common';
import { CLOCK } from '../../ports/clock.js';
import { SystemClock } from './system-clock.js';

/** Gives {@link CLOCK}. */
@Module({ providers: [{ provide: CLOCK, useClass: SystemClock }], exports: [CLOCK] })
export class ClockModule {}
