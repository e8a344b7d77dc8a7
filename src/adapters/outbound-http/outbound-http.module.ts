import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { rulesOf } from '../../domain/outbound/outbound-rules.js';
import { OUTBOUND_HTTP } from '../../ports/outbound-http.js';
import { NodeOutboundHttp } from './node-outbound-http.js';

/** Gives {@link OUTBOUND_HTTP}, with the rules of OUTBOUND_ALLOW. */
@Module({
  providers: [
    {
      provide: OUTBOUND_HTTP,
      inject: [Environment],
      useFactory: ({ OUTBOUND_ALLOW }: Environment) => new NodeOutboundHttp(rulesOf(OUTBOUND_ALLOW ?? '')),
    },
  ],
  exports: [OUTBOUND_HTTP],
})
export class OutboundHttpModule {}
