import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from './config/config.module.js';
import type { Environment } from './config/environment.js';
import { AppLogsModule } from './features/app-logs/app-logs.module.js';
import { AppsModule } from './features/apps/apps.module.js';
import { ChatModule } from './features/chat/chat.module.js';
import { CommandsModule } from './features/commands/commands.module.js';
import { AuditModule } from './features/audit/audit.module.js';
import { CleanUpsModule } from './features/clean-ups/clean-ups.module.js';
import { ConfigSetsModule } from './features/config-sets/config-sets.module.js';
import { BadgesModule } from './features/badges/badges.module.js';
import { BuildSecretsModule } from './features/build-secrets/build-secrets.module.js';
import { BuildsModule } from './features/builds/builds.module.js';
import { DeliveriesModule } from './features/deliveries/deliveries.module.js';
import { DeploysModule } from './features/deploys/deploys.module.js';
import { DeviceSignInsModule } from './features/device-sign-ins/device-sign-ins.module.js';
import { DriftModule } from './features/drift/drift.module.js';
import { EventsModule } from './features/events/events.module.js';
import { GithubWebhooksModule } from './features/github-webhooks/github-webhooks.module.js';
import { HealthModule } from './features/health/health.module.js';
import { HistoryModule } from './features/history/history.module.js';
import { HoldsModule } from './features/holds/holds.module.js';
import { InstancesModule } from './features/instances/instances.module.js';
import { HostJoinsModule } from './features/host-joins/host-joins.module.js';
import { HostPoolsModule } from './features/host-pools/host-pools.module.js';
import { HostsModule } from './features/hosts/hosts.module.js';
import { PeopleModule } from './features/people/people.module.js';
import { MetricsModule } from './features/metrics/metrics.module.js';
import { NotificationTargetsModule } from './features/notification-targets/notification-targets.module.js';
import { PlacesModule } from './features/places/places.module.js';
import { PlansModule } from './features/plans/plans.module.js';
import { PushRulesModule } from './features/push-rules/push-rules.module.js';
import { ReconcilesModule } from './features/reconciles/reconciles.module.js';
import { ReleasesModule } from './features/releases/releases.module.js';
import { RoutesModule } from './features/routes/routes.module.js';
import { RunsModule } from './features/runs/runs.module.js';
import { SanityModule } from './features/sanity/sanity.module.js';
import { SessionsModule } from './features/sessions/sessions.module.js';
import { EnvironmentsModule } from './features/environments/environments.module.js';
import { StateModule } from './features/state/state.module.js';
import { StacksModule } from './features/stacks/stacks.module.js';
import { StatusModule } from './features/status/status.module.js';
import { TokensModule } from './features/tokens/tokens.module.js';
import { VersionModule } from './features/version/version.module.js';
import { WorkerScalingsModule } from './features/worker-scalings/worker-scalings.module.js';
import { WorkersModule } from './features/workers/workers.module.js';
import { HttpModule } from './http/http.module.js';
import { StoreModule } from './store/store.module.js';

type Imports = NonNullable<DynamicModule['imports']>;

const FEATURES: Imports = [
  AppLogsModule,
  AppsModule,
  AuditModule,
  BuildSecretsModule,
  BuildsModule,
  CleanUpsModule,
  CommandsModule,
  ConfigSetsModule,
  DeliveriesModule,
  DeploysModule,
  DeviceSignInsModule,
  DriftModule,
  EnvironmentsModule,
  EventsModule,
  HealthModule,
  HistoryModule,
  HoldsModule,
  InstancesModule,
  HostPoolsModule,
  HostsModule,
  PeopleModule,
  NotificationTargetsModule,
  PlansModule,
  PushRulesModule,
  ReconcilesModule,
  SanityModule,
  ReleasesModule,
  SessionsModule,
  StacksModule,
  StateModule,
  PlacesModule,
  StatusModule,
  TokensModule,
  VersionModule,
  WorkerScalingsModule,
  WorkersModule,
];

/** Composition root of the HTTP process. */
@Module({})
export class ApiModule {
  /** Everything around one parsed environment, and the global modules that provide the ports. */
  static forRoot(environment: Environment, ports: Imports): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        ConfigModule.forRoot(environment),
        StoreModule,
        ...ports,
        HttpModule,
        ...FEATURES,
        BadgesModule.forRoot(environment.BADGES_PUBLIC),
        ChatModule.forRoot(environment.SLACK_SIGNING_SECRET ?? null),
        GithubWebhooksModule.forRoot({
          jockeyUrl: environment.JOCKEY_URL ?? null,
          hasToken: environment.GITHUB_OAUTH_TOKEN !== undefined,
        }),
        HostJoinsModule.forRoot({
          days: environment.HOST_CERTIFICATE_DAYS,
          gossipKey: environment.HOST_CONSUL_GOSSIP_KEY ?? null,
          consulToken: environment.HOST_CONSUL_TOKEN ?? null,
        }),
        MetricsModule.forRoot(environment.METRICS_PUBLIC),
        RunsModule.forRoot({
          seconds: environment.RUN_TIME_LIMIT_SECONDS,
          memoryMb: environment.RUN_MEMORY_LIMIT_MB,
          perApp: environment.RUNS_PER_APP,
        }),
        RoutesModule.forRoot(environment.ROUTING_HOST ?? null),
      ],
    };
  }
}
