import { Global, Module } from '@nestjs/common';
import { AwsModule } from './adapters/aws/aws.module.js';
import { BullModule } from './adapters/bull/bull.module.js';
import { CertificatesModule } from './adapters/certificates/certificates.module.js';
import { ClockModule } from './adapters/clock/clock.module.js';
import { ConsulModule } from './adapters/consul/consul.module.js';
import { DockerModule } from './adapters/docker/docker.module.js';
import { GitModule } from './adapters/git/git.module.js';
import { GithubModule } from './adapters/github/github.module.js';
import { HttpProbeModule } from './adapters/http-probe/http-probe.module.js';
import { MetricsModule } from './adapters/metrics/metrics.module.js';
import { OutboundHttpModule } from './adapters/outbound-http/outbound-http.module.js';
import { RegistryModule } from './adapters/registry/registry.module.js';
import { SlackModule } from './adapters/slack/slack.module.js';
import { TelemetryModule } from './adapters/telemetry/telemetry.module.js';

const ALL = [
  AwsModule,
  BullModule,
  CertificatesModule,
  ClockModule,
  ConsulModule,
  DockerModule,
  GitModule,
  GithubModule,
  HttpProbeModule,
  MetricsModule,
  OutboundHttpModule,
  RegistryModule,
  SlackModule,
  TelemetryModule,
];

/** Every port with its adapter: the engine changes the world through them, the HTTP process only looks at it. */
@Global()
@Module({ imports: ALL, exports: ALL })
export class AdaptersModule {}
