import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import { parseEnvironment } from '../../src/config/environment.js';
import { DomainError } from '../../src/domain/kernel/errors.js';
import { CleanUpRunner } from '../../src/engine/clean-up/clean-up-runner.js';
import { Remover } from '../../src/engine/clean-up/remover.js';
import { EngineIdentity } from '../../src/engine/engine-identity.js';
import { HostStocks } from '../../src/observation/host-stocks.js';
import { RetentionSurvey } from '../../src/observation/retention-survey.js';
import { StoredImages } from '../../src/observation/stored-images.js';
import { dataSourceOptions } from '../../src/store/data-source.js';
import {
  AppRow,
  BuildRow,
  CleanUpRow,
  DeployRow,
  EnvironmentRow,
  LogLineRow,
  ReleaseRow,
  RunRow,
  StackRow,
} from '../../src/store/entities/index.js';
import { Leases } from '../../src/store/leases.js';
import { CleanUps } from '../../src/store/repositories/clean-ups.js';
import { RetentionReads } from '../../src/store/repositories/retention-reads.js';
import { OldLogs } from '../../src/store/repositories/old-logs.js';
import { FakeHostCatalog } from '../fakes/fake-host-catalog.js';
import { FakeHostImages } from '../fakes/fake-host-images.js';
import { FakeImageRegistry } from '../fakes/fake-image-registry.js';
import { FakeWorld } from '../fakes/fake-world.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { shaOf } from '../support/world.js';

const REGISTRY = 'registry.test:5000';
const OLD = new Date('2026-01-01T00:00:00.000Z');

/** Nothing is kept for its age alone. */
const SETTINGS = {
  RETENTION_INTERVAL_HOURS: '0',
  RETENTION_RELEASES: '2',
  RETENTION_BUILDS: '1',
  RETENTION_IMAGE_DAYS: '30',
  RETENTION_HOST_IMAGE_DAYS: '7',
  RETENTION_LOG_DAYS: '90',
};

let database: TestDatabase;
let store: DataSource;
let app: AppRow;
let production: EnvironmentRow;
let world: FakeWorld;
let registry: FakeImageRegistry;
let images: FakeHostImages;
let stopping: AbortController;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await new DataSource({ ...dataSourceOptions(database.url), migrations: [] }).initialize();
  const stack = await store.manager.save(StackRow, { name: 'api' } as StackRow);
  app = await store.manager.save(AppRow, { name: 'Shop', repo: 'acme/shop', stackId: stack.id } as AppRow);
  production = await store.manager.save(EnvironmentRow, { name: 'production' } as EnvironmentRow);
});

beforeEach(async () => {
  await store.query('TRUNCATE clean_ups, releases, deploys, builds, log_lines, leases CASCADE');
  world = new FakeWorld();
  world.addHost('h1', { pools: ['api/production', 'build/production'] });
  registry = new FakeImageRegistry(world);
  images = new FakeHostImages(world);
  stopping = new AbortController();
});

afterEach(() => stopping.abort());

afterAll(async () => {
  await store.destroy();
  await database.drop();
});

/** An engine's clean-ups; two of them are two engines. */
function runner(change: Readonly<Record<string, string>> = {}): CleanUpRunner {
  const environment = parseEnvironment({
    ...{ DATABASE_URL: database.url, REDIS_URL: 'redis://unused', REGISTRY_ADDRESS: REGISTRY },
    ...{ JOCKEY_BOOTSTRAP_TOKEN: 'unused-but-long-enough', ...SETTINGS, ...change },
  });
  const [clock, cleanUps, oldLogs] = [new SystemClock(), new CleanUps(store), new OldLogs(store)];
  const reads = new RetentionReads(store);
  const stocks = new HostStocks(new FakeHostCatalog(world), images, reads);
  const survey = new RetentionSurvey(reads, new StoredImages(registry), stocks, oldLogs, clock, environment);
  const remover = new Remover(store, cleanUps, environment, registry, images);
  const engine = new EngineIdentity();
  return new CleanUpRunner(cleanUps, survey, remover, oldLogs, new Leases(store), engine, environment, clock);
}

/** An old build whose image is in the registry and on h1. */
async function putBuild(number: number, change: Partial<BuildRow> = {}): Promise<BuildRow> {
  const rref = shaOf(number);
  const tag = `${REGISTRY}/shop:${rref}`;
  const image = world.publish(tag);
  for (const name of [tag, image]) world.machine('h1').images.add(name);
  const ended = { state: 'completed' as const, image, createdAt: OLD, completedAt: OLD };
  return store.manager.save(BuildRow, { appId: app.id, ref: 'main', rref, ...ended, ...change } as BuildRow);
}

async function putDeploy(build: BuildRow, state: DeployRow['state']): Promise<DeployRow> {
  const place = { appId: app.id, environmentId: production.id };
  return store.manager.save(DeployRow, { ...place, buildId: build.id, rref: build.rref, state } as DeployRow);
}

async function cleanUp(by = runner()): Promise<CleanUpRow> {
  const { id } = await new CleanUps(store).ask();
  await by.run(stopping.signal);
  return store.manager.findOneByOrFail(CleanUpRow, { id });
}

const inRegistry = (build: BuildRow) => registry.exists(build.image ?? '');
const onHost = (build: BuildRow) => world.machine('h1').images.has(build.image ?? '');
const seen = (build: BuildRow) => store.manager.findOneByOrFail(BuildRow, { id: build.id });

describe('a clean-up', () => {
  it('removes old images that nothing needs from registry and hosts, and remembers it', async () => {
    const [old, newest] = [await putBuild(1), await putBuild(2, { completedAt: new Date(OLD.getTime() + 1) })];
    const done = await cleanUp();
    expect([await inRegistry(old), await inRegistry(newest)]).toEqual([false, true]);
    expect([onHost(old), onHost(newest)]).toEqual([false, true]);
    expect((await seen(old)).imageRemovedAt).not.toBeNull();
    expect((await seen(newest)).imageRemovedAt).toBeNull();
    expect(done).toMatchObject({ state: 'completed', removedCount: 3, troubles: [], requestedBy: null });
    expect(done.bytes).toBeGreaterThan(0);
    expect(done.removed.map(({ kind, what }) => [kind, what])).toEqual([
      ['host_image', `${REGISTRY}/shop:${old.rref}`],
      ['host_image', old.image],
      ['registry_image', old.image],
    ]);
  });

  it('removes nothing from the registry, and asks it nothing, where the operator set no days', async () => {
    const [old] = [await putBuild(1), await putBuild(2)];
    await cleanUp(runner({ RETENTION_IMAGE_DAYS: '0' }));
    expect(await inRegistry(old)).toBe(true);
    expect(world.calls.some(({ method }) => method === 'registry.tags')).toBe(false);
    expect((await seen(old)).imageRemovedAt).toBeNull();
  });

  it('leaves what a deploy, current or waiting, and what the newest releases need', async () => {
    const builds = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => putBuild(number)));
    const [current, waiting, oldest, earlier, latest, free] = builds as [
      BuildRow,
      BuildRow,
      BuildRow,
      BuildRow,
      BuildRow,
      BuildRow,
    ];
    const deploy = await putDeploy(current, 'deployed');
    await store.manager.save(DeployRow, { ...(await putDeploy(waiting, 'created')), queued: true });
    for (const [number, build] of [
      [1, oldest],
      [2, earlier],
      [3, latest],
    ] as const)
      await store.manager.save(ReleaseRow, {
        ...{
          appId: app.id,
          environmentId: production.id,
          number,
          buildId: build.id,
          image: build.image,
          sha: build.rref,
        },
        ...{ workers: [], deployId: String(Number(deploy.id) + 100 + number) },
      } as unknown as ReleaseRow);
    await putBuild(7, { completedAt: new Date() });
    await cleanUp();
    expect(await Promise.all([current, waiting, oldest, earlier, latest, free].map(inRegistry))).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it('leaves what a command needs that is not over', async () => {
    const [old] = [await putBuild(1), await putBuild(2)];
    const { id: deployId } = await putDeploy(old, 'stopped');
    const place = { appId: app.id, environmentId: production.id, deployId };
    const asked = { ...place, kind: 'one_off' as const, command: ['sh'], timeLimitSeconds: 60 };
    const run = await store.manager.save(store.manager.create(RunRow, asked));
    await cleanUp();
    expect([await inRegistry(old), onHost(old)]).toEqual([true, true]);
    await store.manager.update(RunRow, { id: run.id }, { state: 'exited' });
    await cleanUp();
    expect([await inRegistry(old), onHost(old)]).toEqual([false, false]);
  });

  it('leaves what a deploy that was written meanwhile needs: it is decided again under the lock', async () => {
    const [old] = [await putBuild(1), await putBuild(2)];
    // The plan stands, and the first removal is only asked about.
    world.before = async ({ method }) => {
      if (method === 'docker.images') await putDeploy(old, 'created');
    };
    const done = await cleanUp();
    expect([await inRegistry(old), onHost(old)]).toEqual([true, true]);
    expect(done).toMatchObject({ state: 'completed', removedCount: 0 });
  });

  it('waits for a deploy that is just being written, and then leaves its image', async () => {
    const [old] = [await putBuild(1), await putBuild(2)];
    const writer = store.createQueryRunner();
    await writer.startTransaction();
    await writer.query('SELECT 1 FROM apps WHERE id = $1 FOR SHARE', [app.id]);
    const cleaning = cleanUp();
    await writer.query(`INSERT INTO deploys (app_id, environment_id, build_id, rref) VALUES ($1, $2, $3, $4)`, [
      app.id,
      production.id,
      old.id,
      old.rref,
    ]);
    await writer.commitTransaction();
    await writer.release();
    await cleaning;
    expect([await inRegistry(old), onHost(old)]).toEqual([true, true]);
  });

  it('takes a removed image for one that is not there: the same commit may be built again', async () => {
    const [old] = [await putBuild(1), await putBuild(2, { completedAt: new Date() })];
    await cleanUp();
    const again = await store.manager.save(BuildRow, { appId: app.id, ref: 'main', rref: old.rref } as BuildRow);
    expect(again.id).not.toBe(old.id);
  });

  it('touches nothing that is not of a build: other tags, other repositories, other images', async () => {
    await putBuild(1, { completedAt: new Date() });
    const foreign = [`${REGISTRY}/shop:stable`, `${REGISTRY}/other:${shaOf(1)}`];
    for (const tag of foreign) world.machine('h1').images.add(world.publish(tag));
    world.machine('h1').images.add('debian:12');
    const before = [...world.machine('h1').images];
    await cleanUp();
    for (const tag of foreign) expect(await registry.exists(tag)).toBe(true);
    expect([...world.machine('h1').images]).toEqual(before);
  });

  it('goes on where one part does not answer, and says which', async () => {
    const [old] = [await putBuild(1), await putBuild(2, { completedAt: new Date() })];
    world.addHost('h2', { pools: ['api/production'] });
    world.machine('h2').answers = false;
    const done = await cleanUp();
    expect(await inRegistry(old)).toBe(false);
    expect(done.troubles).toEqual([expect.stringContaining('host h2 was not looked at')]);
  });

  it('takes an image for there when the registry refuses to remove it', async () => {
    const [old] = [await putBuild(1), await putBuild(2, { completedAt: new Date() })];
    registry.removes = false;
    const done = await cleanUp();
    expect((await seen(old)).imageRemovedAt).toBeNull();
    expect(done.troubles).toEqual([expect.stringContaining('deletion is switched off')]);
  });

  it('takes an image for gone when the registry falls silent, and removes it the next time', async () => {
    const [old] = [await putBuild(1), await putBuild(2, { completedAt: new Date() })];
    world.before = ({ method }) => {
      if (method === 'registry.remove') throw new DomainError('unavailable', 'the registry does not answer');
    };
    await cleanUp();
    expect((await seen(old)).imageRemovedAt).not.toBeNull();
    expect(await inRegistry(old)).toBe(true);
    world.before = () => undefined;
    await cleanUp();
    expect(await inRegistry(old)).toBe(false);
  });

  it('keeps the build cache of each build host within its limit', async () => {
    images.disk('h1').cacheBytes = 50 * 1024 * 1024;
    const done = await cleanUp(runner({ RETENTION_BUILD_CACHE_MB: '20' }));
    expect(images.disk('h1').cacheBytes).toBe(20 * 1024 * 1024);
    expect(done.removed).toMatchObject([{ kind: 'build_cache', host: 'h1', bytes: 30 * 1024 * 1024 }]);
  });

  it('removes old logs, notes it on the build, and leaves young ones and those in progress', async () => {
    const young = await putBuild(2, { completedAt: new Date() });
    const old = await putBuild(1);
    const running = await putBuild(3, { state: 'in_progress', image: null, completedAt: null });
    for (const { id } of [young, old, running])
      await store.manager.save(LogLineRow, {
        subject: 'build',
        subjectId: id,
        logger: 'x',
        text: 'line',
      } as LogLineRow);
    const deploy = await putDeploy(young, 'failed');
    await store.manager.update(DeployRow, { id: deploy.id }, { completedAt: OLD });
    const ofDeploy = { subject: 'deploy' as const, subjectId: deploy.id, logger: 'x', text: 'line' };
    await store.manager.save(LogLineRow, ofDeploy as LogLineRow);
    expect((await cleanUp()).logsRemoved).toBe(2);
    const left = await store.manager.find(LogLineRow, { order: { id: 'ASC' } });
    expect(left.map(({ subject, subjectId }) => [subject, subjectId])).toEqual([
      ['build', young.id],
      ['build', running.id],
    ]);
    expect((await seen(old)).logRemovedAt).not.toBeNull();
    expect((await seen(young)).logRemovedAt).toBeNull();
  });
});

describe('clean-ups', () => {
  it('are run once by one of two engines', async () => {
    await putBuild(1);
    await putBuild(2, { completedAt: new Date() });
    const { id } = await new CleanUps(store).ask();
    await Promise.all([runner().run(stopping.signal), runner().run(stopping.signal)]);
    expect(world.calls.filter(({ method }) => method === 'registry.remove')).toHaveLength(1);
    expect(await store.manager.findOneByOrFail(CleanUpRow, { id })).toMatchObject({ state: 'completed' });
  });

  it('are begun again when their engine was killed', async () => {
    const [old] = [await putBuild(1), await putBuild(2, { completedAt: new Date() })];
    const { id } = await new CleanUps(store).ask();
    await store.manager.update(CleanUpRow, { id }, { state: 'running', startedAt: OLD });
    await runner().run(stopping.signal);
    expect(await store.manager.findOneByOrFail(CleanUpRow, { id })).toMatchObject({ state: 'completed' });
    expect(await inRegistry(old)).toBe(false);
  });

  it('are done by themselves when the time has come, and not before', async () => {
    const hourly = runner({ RETENTION_INTERVAL_HOURS: '1' });
    await hourly.run(stopping.signal);
    expect(await store.manager.count(CleanUpRow)).toBe(0);
    await putBuild(1);
    await hourly.run(stopping.signal);
    await hourly.run(stopping.signal);
    expect(await store.manager.find(CleanUpRow)).toMatchObject([{ state: 'completed', requestedBy: null }]);
    await store.query(`UPDATE clean_ups SET created_at = now() - interval '62 minutes'`);
    await hourly.run(stopping.signal);
    expect(await store.manager.count(CleanUpRow)).toBe(2);
  });

  it('wait in a line of one: a second is refused while one is in progress', async () => {
    const cleanUps = new CleanUps(store);
    const { id } = await cleanUps.ask();
    await expect(cleanUps.ask()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(id) as string,
    });
  });
});
