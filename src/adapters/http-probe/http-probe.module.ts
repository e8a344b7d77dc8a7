import { Module } from '@nestjs/common';
import { HTTP_PROBE } from '../../ports/http-probe.js';
import { NodeHttpProbe } from './node-http-probe.js';

/** Gives {@link HTTP_PROBE}. */
@Module({ providers: [{ provide: HTTP_PROBE, useClass: NodeHttpProbe }], exports: [HTTP_PROBE] })
export class HttpProbeModule {}
