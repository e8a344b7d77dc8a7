import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import { parseEnvironment } from '../../src/config/environment.js';
import { LABELS } from '../../src/domain/instance/container-name.js';
import { EngineRootModule } from '../../src/engine.module.js';
import { BuildDispatcher } from '../../src/engine/builds/build-dispatcher.js';
import { CLOCK, type Clock } from '../../src/ports/clock.js';
import {
  BUILD_HOSTS,
  type BuildpacksBuild,
  type ImageBuild,
  type LifecycleBuild,
} from '../../src/ports/build-hosts.js';
import { CONTAINER_CONSOLES } from '../../src/ports/container-consoles.js';
import { CONTAINER_LOGS } from '../../src/ports/container-logs.js';
import { DOCKER_HOSTS } from '../../src/ports/docker-hosts.js';
import { TelemetryModule } from '../../src/adapters/telemetry/telemetry.module.js';
import { HTTP_PROBE } from '../../src/ports/http-probe.js';
import { HOST_CATALOG } from '../../src/ports/host-catalog.js';
import { HOST_CERTIFICATES } from '../../src/ports/host-certificates.js';
import { HOST_GROUPS } from '../../src/ports/host-groups.js';
import { HOST_IMAGES } from '../../src/ports/host-images.js';
import { HOST_NOTICES } from '../../src/ports/host-notices.js';
import { IMAGE_REGISTRY } from '../../src/ports/image-registry.js';
import { CHAT_ROOM } from '../../src/ports/chat-room.js';
import { REPO_HOST } from '../../src/ports/repo-host.js';
import { FakeChatRoom } from '../support/fake-chat.js';
import { FakeRepoHost } from '../support/fake-github.js';
import { METRIC_SOURCE } from '../../src/ports/metric-source.js';
import { OUTBOUND_HTTP } from '../../src/ports/outbound-http.js';
import { SERVICE_REGISTRY } from '../../src/ports/service-registry.js';
import { SOURCE_CODE } from '../../src/ports/source-code.js';
import { WORK_QUEUE } from '../../src/ports/work-queue.js';
import { dataSourceOptions } from '../../src/store/data-source.js';
import { AppRow, BuildRow, DeployRow, EnvironmentRow, LogLineRow, StackRow } from '../../src/store/entities/index.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { FakeHttpProbe } from '../fakes/fake-http-probe.js';
import { FakeBuildHosts } from '../fakes/fake-build-hosts.js';
import { HeedingBuildHosts } from '../fakes/heeding-build-hosts.js';
import { FakeContainerConsoles } from '../fakes/fake-container-consoles.js';
import { FakeContainerLogs } from '../fakes/fake-container-logs.js';
import { FakeDockerHosts } from '../fakes/fake-docker-hosts.js';
import { FakeHostCertificates } from '../fakes/fake-host-certificates.js';
import { FakeMetricSource } from '../fakes/fake-metric-source.js';
import { FakeOutboundHttp } from '../fakes/fake-outbound-http.js';
import { FakeHostCatalog } from '../fakes/fake-host-catalog.js';
import { FakeHostImages } from '../fakes/fake-host-images.js';
import { FakeImageRegistry } from '../fakes/fake-image-registry.js';
import { FakeServiceRegistry } from '../fakes/fake-service-registry.js';
import { FakeSourceCode, type FakeRepository } from '../fakes/fake-source-code.js';
import { digestOf, FakeWorld } from '../fakes/fake-world.js';
import { BuildSecrets } from '../../src/store/repositories/build-secrets.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { FakeQueue } from '../support/fake-ports.js';

const REGISTRY = 'registry.test:5000';
const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');

let database: TestDatabase;
let store: DataSource;
let world: FakeWorld;
let source: FakeSourceCode;
let repository: FakeRepository;
let queue: FakeQueue;
let app: AppRow;
let engines: Engine[];
let heeding: HeedingBuildHosts;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await new DataSource({ ...dataSourceOptions(database.url), migrations: [] }).initialize();
  const stack = await store.manager.save(store.manager.create(StackRow, { name: 'api' }));
  app = await store.manager.save(
    store.manager.create(AppRow, { name: 'shop', repo: 'jockey/shop', stackId: stack.id }),
  );
  for (const name of ['development', 'staging', 'production'])
    await store.manager.save(store.manager.create(EnvironmentRow, { name }));
});

beforeEach(async () => {
  await store.query('TRUNCATE deploys, builds, leases, log_lines, hosts CASCADE');
  world = new FakeWorld();
  for (const name of ['h1', 'h2', 'h3']) world.addHost(name, { pools: ['build/development'] });
  heeding = new HeedingBuildHosts(world);
  source = new FakeSourceCode();
  repository = source.add('jockey/shop');
  queue = new FakeQueue();
  engines = [];
});

afterEach(async () => {
  for (const engine of engines) await engine.stop();
});

afterAll(async () => {
  await store.destroy();
  await database.drop();
});

/** An engine on the database, the world and the source of the test. */
class Engine {
  private readonly stopping = new AbortController();
  private readonly runs: Promise<void>[] = [];

  private constructor(private readonly context: INestApplicationContext) {}

  static async start(clock: Clock = new SystemClock()): Promise<Engine> {
    const environment = parseEnvironment({
      DATABASE_URL: database.url,
      REDIS_URL: 'redis://unused',
      REGISTRY_ADDRESS: REGISTRY,
      JOCKEY_BOOTSTRAP_TOKEN: 'unused-but-long-enough',
      SECRETS_KEY,
    });
    const root = EngineRootModule.forRoot(environment, [portsOf(clock)]);
    const context = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
    const engine = new Engine(context);
    engines.push(engine);
    return engine;
  }

  build(id: string): Promise<void> {
    const run = this.context.get(BuildDispatcher).run(id, this.stopping.signal);
    this.runs.push(run);
    return run;
  }

  async setSecret(name: string, value: string | null): Promise<void> {
    const secrets = this.context.get(BuildSecrets, { strict: false });
    await secrets.change({ appId: app.id, secrets: { [name]: value }, require: () => undefined });
  }

  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    await this.context.close();
    await Promise.all(this.runs);
  }
}

@Module({})
class BuildPortsModule {}

function portsOf(clock: Clock): DynamicModule {
  const providers = [
    { provide: CLOCK, useValue: clock },
    { provide: WORK_QUEUE, useValue: queue },
    { provide: CONTAINER_CONSOLES, useValue: new FakeContainerConsoles(world) },
    { provide: CONTAINER_LOGS, useValue: new FakeContainerLogs() },
    { provide: DOCKER_HOSTS, useValue: new FakeDockerHosts(world) },
    { provide: BUILD_HOSTS, useValue: heeding.around(new FakeBuildHosts(world)) },
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
  return { module: BuildPortsModule, global: true, imports: [TelemetryModule], providers, exports };
}

let commits = 0;

/** A build of a new commit. */
async function ask(change: Partial<BuildRow> = {}): Promise<BuildRow> {
  const rref = repository.commit({ Dockerfile: 'FROM scratch\n', number: String((commits += 1)) });
  return store.manager.save(store.manager.create(BuildRow, { appId: app.id, ref: 'main', rref, ...change }));
}

const seen = (id: string) => store.manager.findOneByOrFail(BuildRow, { id });

async function logOf(id: string): Promise<LogLineRow[]> {
  return store.manager.find(LogLineRow, { where: { subject: 'build', subjectId: id }, order: { id: 'ASC' } });
}

async function expectFailed(id: string, reason: RegExp | string): Promise<void> {
  const build = await seen(id);
  expect(build).toMatchObject({ state: 'failed', image: null });
  expect(build.completedAt).not.toBeNull();
  if (typeof reason === 'string') expect(build.failureReason).toBe(reason);
  else expect(build.failureReason).toMatch(reason);
  expect((await logOf(id)).at(-1)).toMatchObject({ level: 'error', text: `failed: ${build.failureReason}` });
}

/** Docker takes the build, and says nothing more. */
function hangAt(method: string): Promise<string> {
  return new Promise((resolve) => {
    world.before = (call) => {
      if (call.method !== method) return undefined;
      resolve(call.host ?? '');
      return new Promise<never>(() => undefined);
    };
  });
}

const callsOf = (method: string) => world.calls.filter((call) => call.method === method);

describe('a build', () => {
  it('ends completed: built, pushed and recorded by digest, its story told in order', async () => {
    const seenBuilds: ImageBuild[] = [];
    world.buildFateOf = (build) => {
      seenBuilds.push(build);
      return { lines: ['Step 1/1 : FROM scratch', 'Successfully built'], failure: null };
    };
    const { id, rref } = await ask();
    await (await Engine.start()).build(id);
    const tag = `${REGISTRY}/shop:${rref}`;
    const image = `${REGISTRY}/shop@${digestOf(tag)}`;
    expect(await seen(id)).toMatchObject({
      state: 'completed',
      image,
      containerHost: 'h1',
      attempts: 1,
      failureReason: null,
    });
    expect((await seen(id)).completedAt).not.toBeNull();
    expect((await logOf(id)).map(({ text }) => text)).toEqual([
      `building jockey/shop at ${rref} on host h1`,
      'method dockerfile: the commit has the file Dockerfile',
      'Step 1/1 : FROM scratch',
      'Successfully built',
      `pushing ${tag}`,
      `${rref}: digest: ${digestOf(tag)}`,
      `completed: ${image}`,
    ]);
    expect(seenBuilds).toHaveLength(1);
    expect(seenBuilds[0]).toMatchObject({ tag, dockerfile: 'Dockerfile' });
    expect(seenBuilds[0]?.labels).toMatchObject({
      'org.opencontainers.image.source': 'https://github.com/jockey/shop',
      'org.opencontainers.image.revision': rref,
      [LABELS.build]: id,
    });
  });

  it('tells the deploys that wait for it, and no others, also when it fails', async () => {
    const engine = await Engine.start();
    const [development, staging, production] = await store.manager.find(EnvironmentRow, { order: { id: 'ASC' } });
    for (const failure of [null, 'Step 1/1 : RUN make failed']) {
      world.buildFateOf = () => ({ lines: [], failure });
      await store.query('DELETE FROM deploys');
      const { id, rref } = await ask();
      const put = (environment: EnvironmentRow | undefined, state: DeployRow['state']) =>
        store.manager.save(
          store.manager.create(DeployRow, { appId: app.id, environmentId: environment?.id, rref, buildId: id, state }),
        );
      await put(development, 'building');
      await put(staging, 'created');
      await put(production, 'failed');
      queue.sent.length = 0;
      await engine.build(id);
      const told = [development, staging].map((each) => ({
        kind: 'app_environment',
        appId: app.id,
        environmentId: each?.id,
      }));
      expect(queue.sent).toHaveLength(2);
      expect(queue.sent).toEqual(expect.arrayContaining(told));
    }
  });

  it('is done once, however often it is asked for, in one engine and in two', async () => {
    const [one, other] = [await Engine.start(), await Engine.start()];
    const { id } = await ask();
    await Promise.all([one.build(id), one.build(id), other.build(id), other.build(id)]);
    await one.build(id);
    await eventually('the build to end', async () => (await seen(id)).state !== 'in_progress');
    expect(callsOf('docker.build')).toHaveLength(1);
    expect(await seen(id)).toMatchObject({ state: 'completed', attempts: 1 });
  });

  it('is nothing to do when it has ended, or is not there', async () => {
    const engine = await Engine.start();
    const { id } = await ask({ state: 'failed', failureReason: 'as it was' });
    await engine.build(id);
    await engine.build('999999');
    expect(await seen(id)).toMatchObject({ state: 'failed', failureReason: 'as it was', attempts: 0 });
    expect(callsOf('docker.build')).toEqual([]);
  });
});

describe('the host of a build', () => {
  it('is the healthy one with the fewest builds, and builds that begin together take different ones', async () => {
    world.setUnhealthy('h3', 'disk full');
    const engine = await Engine.start();
    const builds = [await ask(), await ask(), await ask(), await ask()];
    let arrived = 0;
    world.before = async ({ method }) => {
      if (method !== 'docker.build') return;
      arrived += 1;
      await eventually('all four to have their hosts', () => arrived === 4);
    };
    await Promise.all(builds.map(({ id }) => engine.build(id)));
    const hosts = await Promise.all(builds.map(async ({ id }) => (await seen(id)).containerHost));
    expect(hosts.sort()).toEqual(['h1', 'h1', 'h2', 'h2']);
  });

  it('is none that is cordoned', async () => {
    await store.query(`INSERT INTO hosts (name, cordoned) VALUES ('h1', true)`);
    const { id } = await ask();
    await (await Engine.start()).build(id);
    expect(await seen(id)).toMatchObject({ state: 'completed', containerHost: 'h2' });
  });

  it('is in the pool of any environment', async () => {
    world = new FakeWorld();
    world.addHost('only', { pools: ['api/production', 'build/staging'] });
    const { id } = await ask();
    await (await Engine.start()).build(id);
    expect((await seen(id)).containerHost).toBe('only');
  });

  it('is missed with the reason of each when none is healthy', async () => {
    for (const name of ['h1', 'h2', 'h3']) world.setUnhealthy(name, `${name} is on fire`);
    const { id } = await ask();
    await (await Engine.start()).build(id);
    await expectFailed(
      id,
      'no healthy host in the stack build: h1: h1 is on fire; h2: h2 is on fire; h3: h3 is on fire',
    );
  });

  it('is missed when Consul knows none', async () => {
    world = new FakeWorld();
    const engine = await Engine.start();
    const unknown = await ask();
    await engine.build(unknown.id);
    await expectFailed(unknown.id, /no host in the stack build/);
  });

  it('is waited for while Consul does not answer', async () => {
    const clock = new FakeClock();
    const engine = await Engine.start(clock);
    world.consulAnswers = false;
    const { id } = await ask();
    const run = engine.build(id);
    await eventually(
      'Consul to be asked in vain',
      () => callsOf('catalog.environmentsOf').length > 0 && clock.sleeping > 0,
    );
    expect(await seen(id)).toMatchObject({ state: 'in_progress', phase: 'queued', attempts: 0 });
    world.consulAnswers = true;
    await clock.advance(5_000);
    await run;
    expect(await seen(id)).toMatchObject({ state: 'completed', phase: 'settled', outcome: 'succeeded' });
  });
});

describe('a build fails, with its reason as the last line of a whole log, when', () => {
  it('a step of the Dockerfile fails', async () => {
    const lines = Array.from({ length: 1_200 }, (_, index) => `make: line ${index}`);
    world.buildFateOf = () => ({ lines, failure: 'Step 3/5 : RUN make failed:\n returned a non-zero code: 2' });
    const { id } = await ask();
    await (await Engine.start()).build(id);
    await expectFailed(id, 'Step 3/5 : RUN make failed: returned a non-zero code: 2');
    const log = (await logOf(id)).map(({ text }) => text);
    expect(log.slice(2, -1)).toEqual(lines);
  });

  it('a step prints a secret of the build, which the reason does not', async () => {
    const engine = await Engine.start();
    await engine.setSecret('TOKEN', 's3cret-of-the-build');
    world.buildFateOf = () => ({ lines: [], failure: 'step 1 of 1 failed; its last lines: s3cret-of-the-build' });
    const { id } = await ask();
    await engine.build(id);
    await expectFailed(id, 'step 1 of 1 failed; its last lines: [secret TOKEN]');
    await engine.setSecret('TOKEN', null);
  });

  it('Docker finds no Dockerfile, as where it is a folder', async () => {
    const failure = 'host h1 could not build: Cannot locate specified Dockerfile: Dockerfile';
    world.buildFateOf = () => ({ lines: [], failure });
    const { id } = await ask();
    await (await Engine.start()).build(id);
    await expectFailed(id, /^the commit has no Dockerfile where its app says/);
  });

  it('the commit has no Dockerfile, and nobody named a builder image', async () => {
    const rref = repository.commit({ 'app.sh': '#!/bin/sh' });
    const { id } = await store.manager.save(store.manager.create(BuildRow, { appId: app.id, ref: 'main', rref }));
    await (await Engine.start()).build(id);
    await expectFailed(id, /it has no file Dockerfile; there is no builder image for Cloud Native Buildpacks/);
  });

  it('the registry does not take the push', async () => {
    world.registryAnswers = false;
    const { id } = await ask();
    await (await Engine.start()).build(id);
    await expectFailed(id, /the registry registry\.test:5000 does not answer host h1/);
  });

  it('the commit is gone from its repository, or its files break off', async () => {
    const engine = await Engine.start();
    const gone = await ask();
    repository.commits.delete(gone.rref);
    await engine.build(gone.id);
    await expectFailed(gone.id, /neither a branch, nor a tag, nor a commit of jockey\/shop/);
    const broken = await ask();
    source.breaksAfter = 0;
    await engine.build(broken.id);
    await expectFailed(broken.id, /broke off/);
  });

  it('it takes longer than an hour, whatever hangs', async () => {
    const clock = new FakeClock();
    const engine = await Engine.start(clock);
    const { id } = await ask();
    const building = hangAt('docker.build');
    const run = engine.build(id);
    await building;
    for (let minute = 0; minute < 60; minute += 1) {
      expect((await seen(id)).state).toBe('in_progress');
      await clock.advance(60_000);
    }
    await run;
    await expectFailed(id, 'the build took longer than 60 minutes, which is its limit');
    expect(await seen(id)).toMatchObject({ outcome: 'timed_out', phase: 'settled' });
  });

  it('the engine was killed three times at it', async () => {
    const { id } = await ask({ attempts: 3 });
    await (await Engine.start()).build(id);
    await eventually('the build to end', async () => (await seen(id)).state !== 'in_progress');
    await expectFailed(id, 'the engine was killed 3 times while building');
    expect(callsOf('docker.build')).toEqual([]);
  });
});

describe('an engine', () => {
  it('that is stopped leaves its build to the next, which counts no attempt of it', async () => {
    const first = await Engine.start();
    const { id } = await ask();
    const building = hangAt('docker.build');
    const run = first.build(id);
    await building;
    await first.stop();
    await run;
    expect(await seen(id)).toMatchObject({ state: 'in_progress', failureReason: null, attempts: 0 });
    world.before = () => undefined;
    await (await Engine.start()).build(id);
    expect(await seen(id)).toMatchObject({ state: 'completed', attempts: 1 });
  });

  it('that loses its lease lets go, and settles nothing', async () => {
    const clock = new FakeClock();
    const engine = await Engine.start(clock);
    const { id } = await ask();
    const building = hangAt('docker.build');
    const run = engine.build(id);
    await building;
    await store.query(`UPDATE leases SET holder = 'another', token = token + 1 WHERE key = $1`, [`build:${id}`]);
    await clock.advance(10_000);
    await run;
    expect(await seen(id)).toMatchObject({ state: 'in_progress', failureReason: null, attempts: 1 });
    const [lease] = await store.query<{ holder: string }[]>('SELECT holder FROM leases WHERE key = $1', [
      `build:${id}`,
    ]);
    expect(lease?.holder).toBe('another');
  });

  it('keeps its lease as long as it builds', async () => {
    const clock = new FakeClock();
    const engine = await Engine.start(clock);
    const { id } = await ask();
    const building = hangAt('docker.build');
    const run = engine.build(id);
    await building;
    const leftOf = async () => {
      const rows = await store.query<{ left: number }[]>(
        `SELECT extract(epoch FROM expires_at - now())::float AS left FROM leases WHERE key = $1`,
        [`build:${id}`],
      );
      return rows[0]?.left ?? 0;
    };
    await store.query(`UPDATE leases SET expires_at = now() + interval '1 second' WHERE key = $1`, [`build:${id}`]);
    await clock.advance(10_000);
    await eventually('the lease to be renewed', async () => (await leftOf()) > 20);
    await engine.stop();
    await run;
    expect(await leftOf()).toBeLessThanOrEqual(0);
  });
});

describe('a build by buildpacks', () => {
  const PROCESSES = [{ name: 'web', command: 'bin/serve' }];
  let asked: BuildpacksBuild[];

  beforeEach(() => {
    asked = [];
    world.buildpacksFateOf = (build) => {
      asked.push(build);
      return { lines: ['-----> Shell app detected'], failure: null, processTypes: PROCESSES };
    };
  });

  /** A build of a commit without a Dockerfile, of an app that says how. */
  async function askFor(change: Partial<AppRow>): Promise<BuildRow> {
    const owner = await store.manager.save(
      store.manager.create(AppRow, {
        name: `shop-${(commits += 1)}`,
        repo: 'jockey/shop',
        stackId: app.stackId,
        ...change,
      }),
    );
    const rref = repository.commit({ 'app.sh': String(commits) });
    return store.manager.save(
      store.manager.create(BuildRow, { appId: owner.id, ref: 'main', rref, requestedBy: 'ann' }),
    );
  }

  it.each(['buildstep', 'cnb'] as const)(
    'of method %s keeps how, why, what it can run and where it is from',
    async (buildMethod) => {
      const { id, rref } = await askFor({ buildMethod, builderImage: 'registry.test:5000/builder:1' });
      await (await Engine.start()).build(id);
      const build = await seen(id);
      expect(build).toMatchObject({ state: 'completed', method: buildMethod, processTypes: PROCESSES });
      expect(build.methodReason).toContain('builder_image registry.test:5000/builder:1');
      expect(build.provenance).toMatchObject({ sha: rref, host: 'h1', requestedBy: 'ann' });
      expect(build.provenance?.builder).toMatch(/^registry\.test:5000\/builder:1@sha256:/);
      expect(asked[0]?.labels).toMatchObject({ 'org.opencontainers.image.revision': rref });
      expect(asked[0]?.containerName).toMatch(new RegExp(`^shop-\\d+-build-${id}$`));
      expect((await logOf(id)).map(({ logger }) => logger)).toContain(
        buildMethod === 'cnb' ? 'buildpacks' : 'buildstep',
      );
      expect(world.buildContainers.size).toBe(0);
    },
  );

  it('offers the image of the build before to the lifecycle', async () => {
    const first = await askFor({ buildMethod: 'cnb', builderImage: 'registry.test:5000/builder:1' });
    const engine = await Engine.start();
    await engine.build(first.id);
    const rref = repository.commit({ 'app.sh': 'newer' });
    const second = await store.manager.save(store.manager.create(BuildRow, { ...unsaved(first), rref }));
    await engine.build(second.id);
    const { image } = await seen(first.id);
    expect(asked.map((build) => (build as LifecycleBuild).previousImage)).toEqual([null, image]);
  });

  it('that was begun before removes what the earlier try left on other hosts', async () => {
    const { id } = await askFor({ buildMethod: 'buildstep', builderImage: 'registry.test:5000/builder:1' });
    await store.manager.update(BuildRow, { id }, { attempts: 1, hostLosses: 1 });
    await (await Engine.start()).build(id);
    const removed = callsOf('docker.removeContainer').map(({ host }) => host);
    expect(removed.sort()).toEqual(['h2', 'h3']);
  });
});

const unsaved = ({ appId, ref }: BuildRow): Partial<BuildRow> => ({ appId, ref });
