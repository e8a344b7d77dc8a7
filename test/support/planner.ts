import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import { TelemetryModule } from '../../src/adapters/telemetry/telemetry.module.js';
import { ApiModule } from '../../src/api.module.js';
import { parseEnvironment } from '../../src/config/environment.js';
import type { PlanDto } from '../../src/features/plans/plan.dto.js';
import { PlansService } from '../../src/features/plans/plans.service.js';
import { CLOCK } from '../../src/ports/clock.js';
import { BUILD_HOSTS } from '../../src/ports/build-hosts.js';
import { CONTAINER_CONSOLES } from '../../src/ports/container-consoles.js';
import { CONTAINER_LOGS } from '../../src/ports/container-logs.js';
import { DOCKER_HOSTS } from '../../src/ports/docker-hosts.js';
import { HOST_CATALOG } from '../../src/ports/host-catalog.js';
import { HOST_CERTIFICATES } from '../../src/ports/host-certificates.js';
import { HOST_GROUPS } from '../../src/ports/host-groups.js';
import { HOST_IMAGES } from '../../src/ports/host-images.js';
import { HOST_NOTICES } from '../../src/ports/host-notices.js';
import { IMAGE_REGISTRY } from '../../src/ports/image-registry.js';
import { CHAT_ROOM } from '../../src/ports/chat-room.js';
import { METRIC_SOURCE } from '../../src/ports/metric-source.js';
import { ORG_MEMBERS } from '../../src/ports/org-members.js';
import { OUTBOUND_HTTP } from '../../src/ports/outbound-http.js';
import { REPO_HOST } from '../../src/ports/repo-host.js';
import { SERVICE_REGISTRY } from '../../src/ports/service-registry.js';
import { SOURCE_CODE } from '../../src/ports/source-code.js';
import { WORK_QUEUE } from '../../src/ports/work-queue.js';
import { FakeBuildHosts } from '../fakes/fake-build-hosts.js';
import { FakeContainerConsoles } from '../fakes/fake-container-consoles.js';
import { FakeContainerLogs } from '../fakes/fake-container-logs.js';
import { FakeDockerHosts } from '../fakes/fake-docker-hosts.js';
import { FakeHostCatalog } from '../fakes/fake-host-catalog.js';
import { FakeHostImages } from '../fakes/fake-host-images.js';
import { FakeImageRegistry } from '../fakes/fake-image-registry.js';
import { FakeServiceRegistry } from '../fakes/fake-service-registry.js';
import type { FakeWorld } from '../fakes/fake-world.js';
import { FakeHostCertificates } from '../fakes/fake-host-certificates.js';
import { FakeMetricSource } from '../fakes/fake-metric-source.js';
import { FakeOutboundHttp } from '../fakes/fake-outbound-http.js';
import { FakeChatRoom } from './fake-chat.js';
import { FakeOrgMembers, FakeRepoHost } from './fake-github.js';
import { FakeQueue, FakeSource } from './fake-ports.js';

/** The API's plans over the same Postgres and {@link FakeWorld} as an engine, so that the two can be compared. */
export class Planner {
  private constructor(private readonly app: INestApplicationContext) {}

  /** Starts one; `stop` it at the end. */
  static async over(url: string, world: FakeWorld): Promise<Planner> {
    const environment = parseEnvironment({
      DATABASE_URL: url,
      REDIS_URL: 'redis://unused',
      REGISTRY_ADDRESS: 'registry.test:5000',
      JOCKEY_BOOTSTRAP_TOKEN: 'unused-but-long-enough',
    });
    const module = ApiModule.forRoot(environment, [portsOf(world)]);
    return new Planner(await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false }));
  }

  /** What a change would do to `sample` in production. */
  async plan(change: Readonly<Record<string, unknown>>): Promise<PlanDto> {
    const body = { app: 'sample', environment: 'production', change: { ...change } };
    return this.app.get(PlansService, { strict: false }).plan(body, false);
  }

  async stop(): Promise<void> {
    await this.app.close();
  }
}

function portsOf(world: FakeWorld): DynamicModule {
  const providers = [
    { provide: CLOCK, useClass: SystemClock },
    { provide: WORK_QUEUE, useValue: new FakeQueue() },
    { provide: CONTAINER_CONSOLES, useValue: new FakeContainerConsoles(world) },
    { provide: CONTAINER_LOGS, useValue: new FakeContainerLogs() },
    { provide: DOCKER_HOSTS, useValue: new FakeDockerHosts(world) },
    { provide: BUILD_HOSTS, useValue: new FakeBuildHosts(world) },
    { provide: SERVICE_REGISTRY, useValue: new FakeServiceRegistry(world) },
    { provide: HOST_CATALOG, useValue: new FakeHostCatalog(world) },
    { provide: HOST_CERTIFICATES, useValue: new FakeHostCertificates() },
    { provide: HOST_GROUPS, useValue: world.groups },
    { provide: HOST_NOTICES, useValue: world.notices },
    { provide: HOST_IMAGES, useValue: new FakeHostImages(world) },
    { provide: IMAGE_REGISTRY, useValue: new FakeImageRegistry(world) },
    { provide: SOURCE_CODE, useValue: new FakeSource() },
    { provide: ORG_MEMBERS, useValue: new FakeOrgMembers() },
    { provide: REPO_HOST, useValue: new FakeRepoHost() },
    { provide: CHAT_ROOM, useValue: new FakeChatRoom() },
    { provide: OUTBOUND_HTTP, useValue: new FakeOutboundHttp() },
    { provide: METRIC_SOURCE, useValue: new FakeMetricSource() },
  ];
  const exports = [...providers.map(({ provide }) => provide), TelemetryModule];
  return { module: PlannerPortsModule, global: true, imports: [TelemetryModule], providers, exports };
}

@Module({})
class PlannerPortsModule {}
