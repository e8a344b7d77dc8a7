import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import { parseEnvironment } from '../../src/config/environment.js';
import { EngineRootModule } from '../../src/engine.module.js';
import { AppEnvironmentRunner } from '../../src/engine/app-environments/app-environment-runner.js';
import { BuildDispatcher } from '../../src/engine/builds/build-dispatcher.js';
import { BUILD_HOSTS, type BuildHosts } from '../../src/ports/build-hosts.js';
import { CHAT_ROOM } from '../../src/ports/chat-room.js';
import { CLOCK, type Clock } from '../../src/ports/clock.js';
import { CONTAINER_CONSOLES } from '../../src/ports/container-consoles.js';
import { CONTAINER_LOGS } from '../../src/ports/container-logs.js';
import { DOCKER_HOSTS } from '../../src/ports/docker-hosts.js';
import { TelemetryModule } from '../../src/adapters/telemetry/telemetry.module.js';
import { HOST_CATALOG } from '../../src/ports/host-catalog.js';
import { HOST_CERTIFICATES } from '../../src/ports/host-certificates.js';
import { HOST_GROUPS } from '../../src/ports/host-groups.js';
import { HOST_IMAGES } from '../../src/ports/host-images.js';
import { HOST_NOTICES } from '../../src/ports/host-notices.js';
import { HTTP_PROBE } from '../../src/ports/http-probe.js';
import { IMAGE_REGISTRY } from '../../src/ports/image-registry.js';
import { METRIC_SOURCE } from '../../src/ports/metric-source.js';
import { OUTBOUND_HTTP } from '../../src/ports/outbound-http.js';
import { REPO_HOST } from '../../src/ports/repo-host.js';
import { SERVICE_REGISTRY } from '../../src/ports/service-registry.js';
import { SOURCE_CODE } from '../../src/ports/source-code.js';
import { WORK_QUEUE } from '../../src/ports/work-queue.js';
import { dataSourceOptions } from '../../src/store/data-source.js';
import type { AppEnvironmentKey } from '../../src/store/repositories/app-environments.js';
import { AppRow, BuildRow, LogLineRow, StackRow } from '../../src/store/entities/index.js';
import { DeliveryBell } from '../../src/store/delivery-bell.js';
import { FakeBuildHosts } from '../fakes/fake-build-hosts.js';
import { FakeContainerConsoles } from '../fakes/fake-container-consoles.js';
import { FakeContainerLogs } from '../fakes/fake-container-logs.js';
import { FakeDockerHosts } from '../fakes/fake-docker-hosts.js';
import { FakeHostCatalog } from '../fakes/fake-host-catalog.js';
import { FakeHostImages } from '../fakes/fake-host-images.js';
import { FakeHttpProbe } from '../fakes/fake-http-probe.js';
import { FakeImageRegistry } from '../fakes/fake-image-registry.js';
import { FakeHostCertificates } from '../fakes/fake-host-certificates.js';
import { FakeMetricSource } from '../fakes/fake-metric-source.js';
import { FakeOutboundHttp } from '../fakes/fake-outbound-http.js';
import { FakeServiceRegistry } from '../fakes/fake-service-registry.js';
import { FakeSourceCode, type FakeRepository } from '../fakes/fake-source-code.js';
import { FakeWorld } from '../fakes/fake-world.js';
import { HeedingBuildHosts } from '../fakes/heeding-build-hosts.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { eventually } from './eventually.js';
import { FakeChatRoom } from './fake-chat.js';
import { FakeRepoHost } from './fake-github.js';
import { FakeQueue } from './fake-ports.js';

/** How an engine of a {@link BuildScene} is set. */
export interface EngineSet {
  readonly variables?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

/** Three hosts that build, a database, and apps whose commits can be asked for. */
export class BuildScene {
  readonly world = new FakeWorld();
  readonly heeding = new HeedingBuildHosts(this.world);
  readonly source = new FakeSourceCode();
  readonly queue = new FakeQueue();
  /** Builds that run now, by id; and how many ever ran side by side, of one build and in all. */
  readonly watch = { now: new Map<string, number>(), mostOfOne: 0, mostAtOnce: 0, mostOnHost: 0 };
  private readonly repositories = new Map<string, FakeRepository>();
  private readonly engines: BuildEngine[] = [];
  private commits = 0;

  private constructor(
    private readonly database: TestDatabase,
    readonly store: DataSource,
    private readonly stack: StackRow,
  ) {}

  static async set(): Promise<BuildScene> {
    const database = await createTestDatabase();
    const store = await new DataSource({ ...dataSourceOptions(database.url), migrations: [] }).initialize();
    const scene = new BuildScene(database, store, await store.manager.save(StackRow, { name: 'api' } as StackRow));
    for (const name of ['h1', 'h2', 'h3']) scene.world.addHost(name, { pools: ['build/development'] });
    return scene;
  }

  async stop(): Promise<void> {
    for (const engine of this.engines) await engine.stop();
    await this.store.destroy();
    await this.database.drop();
  }

  async app(name: string, change: Partial<AppRow> = {}): Promise<AppRow> {
    this.repositories.set(name, this.source.add(`jockey/${name}`));
    const row = { name, repo: `jockey/${name}`, stackId: this.stack.id, ...change };
    return this.store.manager.save(AppRow, row as AppRow);
  }

  /** A build of a new commit, as it is asked for; its id. */
  async ask({ id: appId, name }: AppRow, change: Partial<BuildRow> = {}): Promise<string> {
    const files = { Dockerfile: 'FROM scratch\n', number: String((this.commits += 1)) };
    const rref = this.repositories.get(name)?.commit(files);
    const row = this.store.manager.create(BuildRow, { appId, ref: 'main', branch: 'main', rref, ...change });
    return (await this.store.manager.save(row)).id;
  }

  async engine(set: EngineSet = {}): Promise<BuildEngine> {
    const engine = await BuildEngine.start(this, set);
    this.engines.push(engine);
    return engine;
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  build(id: string): Promise<BuildRow> {
    return this.store.manager.findOneByOrFail(BuildRow, { id });
  }

  /** The build, when it has ended. */
  async ended(id: string): Promise<BuildRow> {
    await eventually(`build ${id} to end`, async () => (await this.build(id)).state !== 'in_progress');
    return this.build(id);
  }

  async log(id: string): Promise<string[]> {
    const where = { subject: 'build' as const, subjectId: id };
    return (await this.store.manager.find(LogLineRow, { where, order: { id: 'ASC' } })).map(({ text }) => text);
  }

  /** As when so much time has passed that the leases of dead engines have run out. */
  async letLeasesRunOut(): Promise<void> {
    await this.store.query('UPDATE leases SET expires_at = now()');
  }

  /** Docker takes builds, and says nothing more; resolves when this many have come. */
  hang(many = 1): Promise<void> {
    let come = 0;
    return new Promise((resolve) => {
      this.world.before = ({ method }) => {
        if (method !== 'docker.build') return undefined;
        if ((come += 1) === many) resolve();
        return new Promise<never>(() => undefined);
      };
    });
  }

  /** The Git server takes questions, and says nothing until they are given up. */
  hangSource(): void {
    const hang = (signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))));
    this.source.archive = (_source, _sha, { signal }) => hang(signal);
    this.source.listing = (_source, _sha, signal) => hang(signal);
  }

  /** Hosts that note which builds run there side by side. */
  watched(hosts: BuildHosts): BuildHosts {
    const build: BuildHosts['build'] = async (host, order) => {
      const { now } = this.watch;
      const key = `${host.name}/${order.buildId}`;
      now.set(key, (now.get(key) ?? 0) + 1);
      const count = (fits: (each: string) => boolean) =>
        [...now].filter(([each]) => fits(each)).reduce((sum, [, times]) => sum + times, 0);
      this.watch.mostOfOne = Math.max(
        this.watch.mostOfOne,
        count((each) => each.endsWith(`/${order.buildId}`)),
      );
      this.watch.mostOnHost = Math.max(
        this.watch.mostOnHost,
        count((each) => each.startsWith(`${host.name}/`)),
      );
      this.watch.mostAtOnce = Math.max(
        this.watch.mostAtOnce,
        count(() => true),
      );
      return hosts.build(host, order).finally(() => now.set(key, (now.get(key) ?? 1) - 1));
    };
    return new Proxy(hosts, {
      get: (target, name) => {
        const method: unknown = name === 'build' ? build : Reflect.get(target, name);
        return typeof method === 'function' ? method.bind(target) : method;
      },
    });
  }
}

/** An engine that builds, on the database and the world of a scene. */
export class BuildEngine {
  private readonly stopping = new AbortController();
  private context!: INestApplicationContext;
  private dead = false;

  private constructor(private readonly scene: BuildScene) {}

  static async start(
    scene: BuildScene,
    { variables = {}, clock = new SystemClock() }: EngineSet,
  ): Promise<BuildEngine> {
    const engine = new BuildEngine(scene);
    const environment = parseEnvironment({
      ...{ DATABASE_URL: scene.databaseUrl, REDIS_URL: 'redis://unused', REGISTRY_ADDRESS: 'registry.test:5000' },
      ...{ JOCKEY_BOOTSTRAP_TOKEN: 'unused-but-long-enough', ...variables },
    });
    const root = EngineRootModule.forRoot(environment, [engine.ports(clock)]);
    engine.context = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
    return engine;
  }

  /** Looks at the queue, and resolves when this build has ended, or another engine is at it. */
  run(id: string): Promise<void> {
    return this.context.get(BuildDispatcher).run(id, this.stopping.signal);
  }

  /** Looks at an app in an environment once. */
  look(key: AppEnvironmentKey): Promise<void> {
    return this.context.get(AppEnvironmentRunner).look(key, this.stopping.signal);
  }

  /** As SIGTERM does. */
  async stop(): Promise<void> {
    if (this.dead || this.stopping.signal.aborted) return;
    this.stopping.abort();
    await this.context.close();
  }

  /** As SIGKILL does: it does nothing more, to the world or to Postgres, and its connections to Docker break. */
  async kill(): Promise<void> {
    this.dead = true;
    for (const key of this.scene.watch.now.keys()) this.scene.watch.now.set(key, 0);
    await this.context.get(DeliveryBell).stop();
    await this.context.get(DataSource).destroy();
  }

  private ports(clock: Clock): DynamicModule {
    const { world, heeding, source, queue } = this.scene;
    const providers = [
      { provide: CLOCK, useValue: clock },
      { provide: WORK_QUEUE, useValue: queue },
      { provide: CONTAINER_CONSOLES, useValue: new FakeContainerConsoles(world) },
      { provide: CONTAINER_LOGS, useValue: new FakeContainerLogs() },
      { provide: DOCKER_HOSTS, useValue: new FakeDockerHosts(world) },
      { provide: BUILD_HOSTS, useValue: this.scene.watched(heeding.around(new FakeBuildHosts(world))) },
      { provide: SERVICE_REGISTRY, useValue: new FakeServiceRegistry(world) },
      { provide: HOST_CATALOG, useValue: new FakeHostCatalog(world) },
      { provide: HOST_CERTIFICATES, useValue: new FakeHostCertificates() },
      { provide: HOST_GROUPS, useValue: world.groups },
      { provide: HOST_NOTICES, useValue: world.notices },
      { provide: HOST_IMAGES, useValue: new FakeHostImages(world) },
      { provide: IMAGE_REGISTRY, useValue: new FakeImageRegistry(world) },
      { provide: SOURCE_CODE, useValue: source },
      { provide: HTTP_PROBE, useValue: new FakeHttpProbe() },
      { provide: METRIC_SOURCE, useValue: new FakeMetricSource() },
      { provide: OUTBOUND_HTTP, useValue: new FakeOutboundHttp() },
      { provide: REPO_HOST, useValue: new FakeRepoHost() },
      { provide: CHAT_ROOM, useValue: new FakeChatRoom() },
    ];
    const exports = [...providers.map(({ provide }) => provide), TelemetryModule];
    return { module: ScenePortsModule, global: true, imports: [TelemetryModule], providers, exports };
  }
}

@Module({})
class ScenePortsModule {}
