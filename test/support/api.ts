import { Writable } from 'node:stream';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Logger, pino } from 'pino';
import { DataSource } from 'typeorm';
import { TelemetryModule } from '../../src/adapters/telemetry/telemetry.module.js';
import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import { ApiModule } from '../../src/api.module.js';
import { Environment, parseEnvironment } from '../../src/config/environment.js';
import { configureHttp, NEST_OPTIONS } from '../../src/http/configure-http.js';
import { CONTAINER_CONSOLES } from '../../src/ports/container-consoles.js';
import { CLOCK } from '../../src/ports/clock.js';
import { CONTAINER_LOGS } from '../../src/ports/container-logs.js';
import { DOCKER_HOSTS } from '../../src/ports/docker-hosts.js';
import { HOST_CATALOG } from '../../src/ports/host-catalog.js';
import { HOST_CERTIFICATES, type HostCertificates } from '../../src/ports/host-certificates.js';
import { HOST_GROUPS } from '../../src/ports/host-groups.js';
import { HOST_IMAGES } from '../../src/ports/host-images.js';
import { HOST_NOTICES } from '../../src/ports/host-notices.js';
import { IMAGE_REGISTRY } from '../../src/ports/image-registry.js';
import { METRIC_SOURCE } from '../../src/ports/metric-source.js';
import { OUTBOUND_HTTP } from '../../src/ports/outbound-http.js';
import { ORG_MEMBERS, type OrgMembers } from '../../src/ports/org-members.js';
import { REPO_HOST } from '../../src/ports/repo-host.js';
import { SERVICE_REGISTRY } from '../../src/ports/service-registry.js';
import { SOURCE_CODE } from '../../src/ports/source-code.js';
import { WORK_QUEUE } from '../../src/ports/work-queue.js';
import { FakeContainerLogs } from '../fakes/fake-container-logs.js';
import { FakeContainerConsoles } from '../fakes/fake-container-consoles.js';
import { FakeHostImages } from '../fakes/fake-host-images.js';
import { FakeImageRegistry } from '../fakes/fake-image-registry.js';
import { FakeHostCertificates } from '../fakes/fake-host-certificates.js';
import { FakeMetricSource } from '../fakes/fake-metric-source.js';
import { FakeOutboundHttp } from '../fakes/fake-outbound-http.js';
import { FakeWorld as FakeMachines } from '../fakes/fake-world.js';
import { ApiClient } from './api-client.js';
import { CHAT_ROOM } from '../../src/ports/chat-room.js';
import { FakeChatRoom } from './fake-chat.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { FakeOrgMembers, FakeRepoHost } from './fake-github.js';
import { FakeDocker, FakeHosts, FakeQueue, FakeRegistry, FakeSource } from './fake-ports.js';

/** The token of every test. */
export const TOKEN = 'a-bootstrap-token-for-tests';

/** All tests of a file ask from one address, as fast as they can; the limits have tests of their own. */
const UNLIMITED = { RATE_LIMIT_PER_MINUTE: '0', SIGN_IN_FAILURES_PER_MINUTE: '0' };

/** What hosts need to join by themselves. */
const JOINING = { HOST_JOCKEY_URL: 'https://jockey.test', DOCKER_CERT_PATH: '/run/jockey/docker' };

type Variables = Readonly<Record<string, string>>;

/** What a test adds to the API. */
export interface TestApiOptions {
  /** More controllers, for what no real one does. */
  readonly controllers?: Type[];
  /** More variables of Jockey's configuration. */
  readonly environment?: Variables;
  /** Who is asked about members, in the place of the fake. */
  readonly members?: OrgMembers;
  /** Who signs for hosts, in the place of the fake. */
  readonly certificates?: HostCertificates;
  /** Another process of the same installation: with the database of this one, which is to stop later. */
  readonly beside?: TestApi;
}

/** The API as it runs, on a port of its own, with a database of its own and fakes for the rest of the world. */
export class TestApi {
  private constructor(
    readonly app: NestExpressApplication,
    readonly dataSource: DataSource,
    readonly world: FakeWorld,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  /** Starts it; `stop` it in `afterAll`. */
  static async start({ controllers = [], environment = {}, ...reals }: TestApiOptions = {}): Promise<TestApi> {
    const database = reals.beside?.sharedDatabase ?? (await createTestDatabase());
    const world = new FakeWorld(controllers, reals);
    const app = await startApp({ ...environment, DATABASE_URL: database.url }, world).catch(async (error: unknown) => {
      await database.drop();
      throw error;
    });
    return new TestApi(app, app.get(DataSource), world, () => database.drop());
  }

  private get sharedDatabase(): Omit<TestDatabase, 'copy'> {
    return { url: this.app.get(Environment).DATABASE_URL, drop: () => Promise.resolve() };
  }

  /** Speaks to it with the token. */
  get client(): ApiClient {
    return new ApiClient(this.url, TOKEN);
  }

  get url(): string {
    const { port } = this.app.getHttpServer().address() as { port: number };
    return `http://127.0.0.1:${port}`;
  }

  /** Takes the database away, as an outage does. */
  async loseDatabase(): Promise<void> {
    await this.dropDatabase();
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.dropDatabase();
  }
}

/** What the API sees of the world in a test, and every line that it logged. */
export class FakeWorld {
  /** More controllers are for what no real one does, as failing in an unexpected way. */
  constructor(
    private readonly controllers: Type[],
    private readonly reals: Pick<TestApiOptions, 'members' | 'certificates'> = {},
  ) {}

  readonly queue = new FakeQueue();
  readonly hosts = new FakeHosts();
  readonly docker = new FakeDocker();
  readonly containerLogs = new FakeContainerLogs();
  readonly registry = new FakeRegistry();
  /** The programs that consoles connect to. */
  readonly consoles = new FakeContainerConsoles();
  /** The machines and the image registry whose images are looked at. */
  readonly machines = new FakeMachines();
  /** The cloud. */
  readonly groups = this.machines.groups;
  readonly images = new FakeImageRegistry(this.machines);
  readonly hostImages = new FakeHostImages(this.machines);
  readonly source = new FakeSource();
  readonly outbound = new FakeOutboundHttp();
  readonly metrics = new FakeMetricSource();
  readonly certificates = new FakeHostCertificates();
  readonly chat = new FakeChatRoom();
  readonly members = new FakeOrgMembers();
  readonly repoHost = new FakeRepoHost();
  readonly log: string[] = [];

  get logger(): Logger {
    const lines = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.log.push(chunk.toString());
        done();
      },
    });
    return pino({ level: 'info' }, lines);
  }

  /** The module that provides the ports. */
  get ports(): DynamicModule {
    const providers = [
      { provide: WORK_QUEUE, useValue: this.queue },
      { provide: HOST_CATALOG, useValue: this.hosts },
      { provide: CONTAINER_CONSOLES, useValue: this.consoles },
      { provide: DOCKER_HOSTS, useValue: this.docker },
      { provide: CONTAINER_LOGS, useValue: this.containerLogs },
      { provide: HOST_CERTIFICATES, useValue: this.reals.certificates ?? this.certificates },
      { provide: HOST_GROUPS, useValue: this.groups },
      { provide: HOST_NOTICES, useValue: this.machines.notices },
      { provide: HOST_IMAGES, useValue: this.hostImages },
      { provide: IMAGE_REGISTRY, useValue: this.images },
      { provide: CLOCK, useValue: new SystemClock() },
      { provide: SERVICE_REGISTRY, useValue: this.registry },
      { provide: SOURCE_CODE, useValue: this.source },
      { provide: OUTBOUND_HTTP, useValue: this.outbound },
      { provide: METRIC_SOURCE, useValue: this.metrics },
      { provide: CHAT_ROOM, useValue: this.chat },
      { provide: ORG_MEMBERS, useValue: this.reals.members ?? this.members },
      { provide: REPO_HOST, useValue: this.repoHost },
    ];
    const modules = [TelemetryModule];
    return {
      ...{ module: FakePortsModule, global: true, imports: modules, controllers: this.controllers },
      ...{ providers, exports: [...providers, ...modules] },
    };
  }
}

@Module({})
class FakePortsModule {}

async function startApp(variables: Variables, world: FakeWorld): Promise<NestExpressApplication> {
  const environment = parseEnvironment({
    JOCKEY_BOOTSTRAP_TOKEN: TOKEN,
    REDIS_URL: 'redis://127.0.0.1:1',
    REGISTRY_ADDRESS: '127.0.0.1:5000',
    ...UNLIMITED,
    ...JOINING,
    ...variables,
  });
  const module = ApiModule.forRoot(environment, [world.ports]);
  const app = await NestFactory.create<NestExpressApplication>(module, { ...NEST_OPTIONS, logger: ['error', 'warn'] });
  configureHttp(app, { logger: world.logger });
  await app.listen(0, '127.0.0.1');
  return app;
}
