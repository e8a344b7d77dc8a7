import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { HOST_GROUPS } from '../../ports/host-groups.js';
import { HOST_NOTICES } from '../../ports/host-notices.js';
import { AwsClients } from './aws-clients.js';
import { AwsHostGroups } from './aws-host-groups.js';
import { SqsHostNotices } from './sqs-host-notices.js';

/** Gives {@link HOST_GROUPS} and {@link HOST_NOTICES}. */
@Module({
  providers: [
    {
      provide: AwsClients,
      inject: [Environment],
      useFactory: ({ AWS_ENDPOINT_URL }: Environment) => new AwsClients(AWS_ENDPOINT_URL),
    },
    { provide: HOST_GROUPS, inject: [AwsClients], useFactory: (clients: AwsClients) => new AwsHostGroups(clients) },
    {
      provide: HOST_NOTICES,
      inject: [AwsClients, Environment],
      useFactory: (clients: AwsClients, { AWS_EVENTS_QUEUE_URL }: Environment) =>
        new SqsHostNotices(clients, AWS_EVENTS_QUEUE_URL),
    },
  ],
  exports: [HOST_GROUPS, HOST_NOTICES],
})
export class AwsModule {}
