import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { TelemetryModule } from '../../src/adapters/telemetry/telemetry.module.js';
import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import { parseEnvironment } from '../../src/config/environment.js';
import { EngineRootModule } from '../../src/engine.module.js';
import { Autoscaler } from '../../src/engine/autoscale/autoscaler.js';
import { AppEnvironmentRunner } from '../../src/engine/app-environments/app-environment-runner.js';
import { Courier } from '../../src/engine/courier/courier.js';
import { BuildDispatcher } from '../../src/engine/builds/build-dispatcher.js';
import { PoolRunner } from '../../src/engine/host-pools/pool-runner.js';
import { PoolWatch } from '../../src/engine/host-pools/pool-watch.js';
import { Lookout } from '../../src/engine/lookout/lookout.js';
import { RunRunner } from '../../src/engine/runs/run-runner.js';
import { Recalls } from '../../src/engine/recalls.js';
import { BUILD_HOSTS } from '../../src/ports/build-hosts.js';
import { CHAT_ROOM } from '../../src/ports/chat-room.js';
import { CLOCK } from '../../src/ports/clock.js';
import { CONTAINER_CONSOLES } from '../../src/ports/container-consoles.js';
import { CONTAINER_LOGS } from '../../src/ports/container-logs.js';
import { DOCKER_HOSTS } from '../../src/ports/docker-hosts.js';
import { HOST_CATALOG } from '../../src/ports/host-catalog.js';
import { HOST_CERTIFICATES } from '../../src/ports/host-certificates.js';
import { HOST_GROUPS } from '../../src/ports/host-groups.js';
import { HOST_IMAGES } from '../../src/ports/host-images.js';
import { HOST_NOTICES, type HostNotices } from '../../src/ports/host-notices.js';
import { IMAGE_REGISTRY } from '../../src/ports/image-registry.js';
import { HTTP_PROBE } from '../../src/ports/http-probe.js';
import { METRIC_SOURCE } from '../../src/ports/metric-source.js';
import { REPO_HOST } from '../../src/ports/repo-host.js';
import { OUTBOUND_HTTP, type OutboundHttp } from '../../src/ports/outbound-http.js';
import { SERVICE_REGISTRY } from '../../src/ports/service-registry.js';
import { SOURCE_CODE } from '../../src/ports/source-code.js';
import { type Trigger, WORK_QUEUE, type WorkQueue } from '../../src/ports/work-queue.js';
import { DeliveryBell } from '../../src/store/delivery-bell.js';
import type { AppEnvironmentKey } from '../../src/store/repositories/app-environments.js';
import { FakeBuildHosts } from '../fakes/fake-build-hosts.js';
import { FakeContainerConsoles } from '../fakes/fake-container-consoles.js';
import { FakeContainerLogs } from '../fakes/fake-container-logs.js';
import { FakeDockerHosts } from '../fakes/fake-docker-hosts.js';
import { FakeHostCatalog } from '../fakes/fake-host-catalog.js';
import { FakeHostImages } from '../fakes/fake-host-images.js';
import { FakeImageRegistry } from '../fakes/fake-image-registry.js';
import { FakeHostCertificates } from '../fakes/fake-host-certificates.js';
import { FakeMetricSource } from '../fakes/fake-metric-source.js';
import { FakeOutboundHttp } from '../fakes/fake-outbound-http.js';
import { FakeHttpProbe } from '../fakes/fake-http-probe.js';
import { FakeServiceRegistry } from '../fakes/fake-service-registry.js';
import type { FakeWorld } from '../fakes/fake-world.js';
import { FakeChatRoom } from './fake-chat.js';
import { FakeRepoHost } from './fake-github.js';

/** When an engine is killed: before or after the n-th thing that it does to the world. */
export interface KillPoint {
  readonly step: number;
  readonly when: 'before' | 'after';
}

/** What changes the world; all else only looks. */
const DEEDS = new Set([
  ...['pull', 'start', 'keepRunning', 'remove', 'build', 'push', 'register', 'deregister'],
  ...['signal', 'createExec', 'startExec'],
  ...['create', 'fit', 'update', 'relaunch', 'protect', 'terminate', 'heartbeat', 'release'],
]);

/** An engine as it runs, on a real Postgres and a {@link FakeWorld}; it can be killed at any of its deeds. */
export class TestEngine {
  private readonly queue = new SilentQueue();
  /** What it handed to the queue, oldest first. */
  readonly sent: readonly Trigger[] = this.queue.sent;
  /** What it asks through routers. */
  readonly probe = new FakeHttpProbe();
  /** What it asks for numbers to scale by. */
  readonly metrics = new FakeMetricSource();
  /** What it sends to those who want to be told. */
  private outbound: OutboundHttp = new FakeOutboundHttp();
  /** What it tells GitHub. */
  readonly repoHost = new FakeRepoHost();
  /** The chat that deploys are told of in. */
  readonly chat = new FakeChatRoom();
  /** What containers of runs print. */
  readonly containerLogs = new FakeContainerLogs();
  /** What it did to the world. */
  readonly deeds: string[] = [];
  /** Resolves when it was killed. */
  readonly died: Promise<void>;
  private readonly stopping = new AbortController();
  private readonly killed = new AbortController();
  private app!: INestApplicationContext;
  private dead = false;
  private die!: () => void;

  private constructor(private readonly killPoint: KillPoint | null) {
    this.died = new Promise((resolve) => (this.die = resolve));
  }

  /** Starts one that watches nothing while it rests: it does nothing by itself but what its first sweep finds. */
  static async start(url: string, world: FakeWorld, killPoint: KillPoint | null = null): Promise<TestEngine> {
    const engine = new TestEngine(killPoint);
    await engine.begin(url, world);
    engine.app.get(Lookout).stop();
    await engine.app.get(Courier).stop();
    await engine.app.get(Autoscaler).rest();
    engine.app.get(PoolWatch).stop();
    return engine;
  }

  /** Starts one as it is outside of tests: it looks by itself at whatever changes. */
  static async startWatching(
    url: string,
    world: FakeWorld,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<TestEngine> {
    const engine = new TestEngine(null);
    await engine.begin(url, world, variables);
    return engine;
  }

  private async begin(url: string, world: FakeWorld, variables: Readonly<Record<string, string>> = {}): Promise<void> {
    const environment = parseEnvironment({
      DATABASE_URL: url,
      REDIS_URL: 'redis://unused',
      REGISTRY_ADDRESS: 'registry.test:5000',
      JOCKEY_BOOTSTRAP_TOKEN: 'unused-but-long-enough',
      ...variables,
    });
    const root = EngineRootModule.forRoot(environment, [this.portsOf(world)]);
    this.app = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
  }

  /** Sends by something else from now on. */
  sendsBy(outbound: OutboundHttp): void {
    this.outbound = outbound;
  }

  private get sender(): OutboundHttp {
    return {
      refusalOf: (url) => this.outbound.refusalOf(url),
      post: (post, signal) => this.outbound.post(post, signal),
      get: (get, signal) => this.outbound.get(get, signal),
    };
  }

  get dataSource(): DataSource {
    return this.app.get(DataSource);
  }

  /** Looks at an app in an environment until there is nothing to do; what comes back late is not waited for. */
  async look(key: AppEnvironmentKey): Promise<void> {
    const recalls = this.app.get(Recalls);
    for (let again = true; again && !this.dead;) {
      await this.app.get(AppEnvironmentRunner).look(key, this.stopping.signal);
      again = isSoon(recalls.nextAt);
      while (isSoon(recalls.nextAt) && !this.dead) await sleep(10);
    }
  }

  /** Looks once at every worker that scales itself. */
  scale(): Promise<void> {
    return this.app.get(Autoscaler).pass();
  }

  /** Looks at a pool of hosts until nothing is left to do now. */
  lookAtPool(poolId: string): Promise<void> {
    return this.app.get(PoolRunner).look(poolId, this.stopping.signal);
  }

  /** Brings a build to its end. */
  build(id: string): Promise<void> {
    return this.app.get(BuildDispatcher).run(id, this.stopping.signal);
  }

  /** Brings a run to its end, and its container away. */
  run(id: string): Promise<void> {
    return this.app.get(RunRunner).run(id, this.stopping.signal);
  }

  /** As SIGKILL does: it does nothing more, to the world or to Postgres, and gives nothing back. */
  async kill(): Promise<void> {
    this.dead = true;
    this.killed.abort();
    this.app.get(Recalls).stop();
    await this.app.get(DeliveryBell).stop();
    await this.dataSource.destroy();
  }

  /** As SIGTERM does. */
  async stop(): Promise<void> {
    if (this.dead) return;
    this.stopping.abort();
    await this.app.close();
  }

  private portsOf(world: FakeWorld): DynamicModule {
    const docker = this.mortal(new FakeDockerHosts(world));
    const registry = this.mortal(new FakeServiceRegistry(world));
    const providers = [
      { provide: CLOCK, useClass: SystemClock },
      { provide: WORK_QUEUE, useValue: this.queue },
      { provide: CONTAINER_CONSOLES, useValue: this.mortal(new FakeContainerConsoles(world)) },
      { provide: CONTAINER_LOGS, useValue: this.containerLogs },
      { provide: DOCKER_HOSTS, useValue: docker },
      { provide: BUILD_HOSTS, useValue: this.mortal(new FakeBuildHosts(world)) },
      { provide: SERVICE_REGISTRY, useValue: registry },
      { provide: HOST_CATALOG, useValue: new FakeHostCatalog(world) },
      { provide: HOST_CERTIFICATES, useValue: new FakeHostCertificates() },
      { provide: HOST_GROUPS, useValue: this.mortal(world.groups) },
      { provide: HOST_NOTICES, useValue: this.noticesOf(world) },
      { provide: HOST_IMAGES, useValue: this.mortal(new FakeHostImages(world)) },
      { provide: IMAGE_REGISTRY, useValue: this.mortal(new FakeImageRegistry(world)) },
      { provide: HTTP_PROBE, useValue: this.probe },
      { provide: OUTBOUND_HTTP, useValue: this.sender },
      { provide: METRIC_SOURCE, useValue: this.metrics },
      { provide: REPO_HOST, useValue: this.repoHost },
      { provide: CHAT_ROOM, useValue: this.chat },
      { provide: SOURCE_CODE, useValue: { archive: async () => null } },
    ];
    const names = providers.map(({ provide }) => provide);
    const modules = [TelemetryModule];
    return { module: TestPortsModule, global: true, imports: modules, providers, exports: [...names, ...modules] };
  }

  /** What a killed engine had in hand goes to another. */
  private noticesOf({ notices }: FakeWorld): HostNotices {
    return {
      receive: (handler, signal) => notices.receive(handler, AbortSignal.any([signal, this.killed.signal])),
    };
  }

  /** The same, but it dies with the engine. */
  private mortal<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return DEEDS.has(String(name))
          ? (...args: unknown[]) =>
              this.deed(String(name), () => Reflect.apply(method, target, args) as Promise<unknown>)
          : method.bind(target);
      },
    });
  }

  private async deed(name: string, act: () => Promise<unknown>): Promise<unknown> {
    if (this.dead) return forever();
    this.deeds.push(name);
    const now = this.killPoint?.step === this.deeds.length ? this.killPoint.when : null;
    if (now === 'before') return this.perish();
    const answer = await act();
    if (now === 'after') return this.perish();
    return this.dead ? forever() : answer;
  }

  private async perish(): Promise<never> {
    await this.kill();
    this.die();
    return forever();
  }
}

@Module({})
class TestPortsModule {}

/** Carries nothing: what an engine sends to itself it also remembers by itself. */
class SilentQueue implements WorkQueue {
  readonly sent: Trigger[] = [];

  async send(trigger: Trigger): Promise<void> {
    this.sent.push(trigger);
  }

  receive(): void {}

  async ping(): Promise<void> {}

  async close(): Promise<void> {}
}

/** Whether it comes back so soon that a test waits for it, as for a router that has to see a change. */
function isSoon(at: number | null): boolean {
  return at !== null && at - Date.now() <= 1_000;
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
