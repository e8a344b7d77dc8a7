import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BuildProgress } from '../../src/store/repositories/build-progress.js';
import { BuildQueue } from '../../src/store/repositories/build-queue.js';
import { CancelBuild } from '../../src/store/repositories/cancel-build.js';
import { type AppRow, DeployRow, EnvironmentRow } from '../../src/store/entities/index.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { BuildScene } from '../support/build-scene.js';
import { eventually } from '../support/eventually.js';

let scene: BuildScene;
let shop: AppRow;

beforeEach(async () => {
  scene = await BuildScene.set();
  shop = await scene.app('shop');
});
afterEach(() => scene?.stop());

const cancel = (id: string, reason: string | null = null) => new CancelBuild(scene.store).cancel(id, reason);

const callsOf = (method: string) => scene.world.calls.filter((call) => call.method === method);

/** Builds take a moment, so that they can meet. */
const slowly = () => {
  scene.world.before = async ({ method }) => {
    if (method === 'docker.build') await new Promise((resolve) => setTimeout(resolve, 30));
  };
};

describe('the queue of builds', () => {
  it('keeps to its limits in two engines at once, and builds each commit once', async () => {
    slowly();
    const variables = { BUILDS_PER_HOST: '2', BUILDS_AT_ONCE: '5' };
    const engines = [await scene.engine({ variables }), await scene.engine({ variables })];
    const apps = [shop, await scene.app('blog'), await scene.app('mail')];
    const ids: string[] = [];
    for (let round = 0; round < 7; round += 1) for (const app of apps) ids.push(await scene.ask(app));
    for (const id of ids) for (const engine of engines) void engine.run(id);
    for (const id of ids) expect(await scene.ended(id)).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    expect(callsOf('docker.build')).toHaveLength(ids.length);
    const { mostOfOne, mostOnHost, mostAtOnce } = scene.watch;
    expect(mostOfOne).toBe(1);
    expect(mostOnHost).toBeLessThanOrEqual(2);
    expect([mostAtOnce > 1, mostAtOnce <= 5]).toEqual([true, true]);
  });

  it('goes round the apps: one that asks for many keeps no other waiting', async () => {
    const engine = await scene.engine({ variables: { BUILDS_AT_ONCE: '1' } });
    const many = [await scene.ask(shop), await scene.ask(shop), await scene.ask(shop)];
    const modest = await scene.ask(await scene.app('blog'));
    await Promise.all([...many, modest].map((id) => engine.run(id)));
    const order = callsOf('docker.build').map(({ about }) => about.replace(/.*\/(\w+):.*/, '$1'));
    expect(order).toEqual(['shop', 'blog', 'shop', 'shop']);
  });

  it('is worked off by an engine that was told of one build only', async () => {
    const engine = await scene.engine();
    const ids = [await scene.ask(shop), await scene.ask(shop), await scene.ask(shop)];
    await engine.run(ids[2] ?? '');
    for (const id of ids) expect((await scene.ended(id)).outcome).toBe('succeeded');
  });

  it('asks others to take what one engine has no room for', async () => {
    const variables = { ENGINE_CONCURRENCY: '1' };
    const busy = await scene.engine({ variables });
    const come = scene.hang();
    const [first, second] = [await scene.ask(shop), await scene.ask(shop)];
    void busy.run(first);
    await come;
    void busy.run(second);
    await eventually('the other build to be handed on', () =>
      scene.queue.sent.some((trigger) => trigger.kind === 'build' && trigger.buildId === second),
    );
    scene.world.before = () => undefined;
    await (await scene.engine({ variables })).run(second);
    expect((await scene.build(second)).outcome).toBe('succeeded');
    expect((await scene.build(first)).state).toBe('in_progress');
  });
});

describe('a killed engine', () => {
  it('leaves its builds to the next when its leases have run out, and not before', async () => {
    const first = await scene.engine();
    const come = scene.hang(2);
    const ids = [await scene.ask(shop), await scene.ask(shop)];
    for (const id of ids) void first.run(id);
    await come;
    await first.kill();
    scene.world.before = () => undefined;
    const next = await scene.engine();
    await Promise.all(ids.map((id) => next.run(id)));
    for (const id of ids) expect((await scene.build(id)).state).toBe('in_progress');
    expect(callsOf('docker.build')).toHaveLength(2);
    await scene.letLeasesRunOut();
    await Promise.all(ids.map((id) => next.run(id)));
    for (const id of ids) expect(await scene.ended(id)).toMatchObject({ outcome: 'succeeded', attempts: 2 });
    expect(scene.watch.mostOfOne).toBe(1);
  });

  it('gives its places free with its leases', async () => {
    const variables = { BUILDS_AT_ONCE: '1' };
    const first = await scene.engine({ variables });
    const come = scene.hang();
    const [held, waits] = [await scene.ask(shop), await scene.ask(shop)];
    void first.run(held);
    await come;
    await first.kill();
    scene.world.before = () => undefined;
    await scene.letLeasesRunOut();
    await (await scene.engine({ variables })).run(waits);
    expect((await scene.ended(held)).outcome).toBe('succeeded');
    expect((await scene.ended(waits)).outcome).toBe('succeeded');
    expect(callsOf('docker.build').map(({ about }) => about.slice(-40))).toEqual(
      [held, held, waits].map(() => expect.any(String)),
    );
  });

  it('at whose build somebody canceled has it ended by the next, which builds nothing', async () => {
    const first = await scene.engine();
    const come = scene.hang();
    const id = await scene.ask(shop);
    void first.run(id);
    await come;
    await first.kill();
    expect(await cancel(id, 'too late')).toBe('asked');
    await scene.letLeasesRunOut();
    await (await scene.engine()).run(id);
    expect(await scene.build(id)).toMatchObject({ outcome: 'canceled', failureReason: 'canceled: too late' });
    expect(callsOf('docker.build')).toHaveLength(1);
  });
});

describe('a build that is canceled', () => {
  it('while it waits is never built', async () => {
    const engine = await scene.engine();
    const id = await scene.ask(shop);
    expect(await cancel(id, 'not needed')).toBe('ended');
    await engine.run(id);
    expect(await scene.build(id)).toMatchObject({ state: 'failed', outcome: 'canceled', phase: 'settled' });
    expect(callsOf('docker.build')).toEqual([]);
  });

  it.each([
    ['preparing', ''],
    ['building', 'docker.build'],
    ['pushing', 'docker.push'],
  ])('while it is %s ends when its host has proven that nothing runs', async (phase, method) => {
    const engine = await scene.engine();
    const id = await scene.ask(shop);
    if (phase === 'preparing') scene.hangSource();
    else scene.world.before = (call) => (call.method === method ? new Promise<never>(() => undefined) : undefined);
    const run = engine.run(id);
    await eventually(`the build to be ${phase}`, async () => (await scene.build(id)).phase === phase);
    expect(await cancel(id, 'stop it')).toBe('asked');
    await run;
    const build = await scene.build(id);
    expect(build).toMatchObject({ state: 'failed', outcome: 'canceled', failureReason: 'canceled: stop it' });
    expect((await scene.log(id)).at(-1)).toBe('failed: canceled: stop it');
    if (phase !== 'preparing')
      expect(scene.world.calls.map((call) => call.method)).toContain(`${phase.slice(0, -3)}.gone`);
  });

  it('on a host that proves nothing ends all the same, and says so', async () => {
    const clock = new FakeClock();
    const engine = await scene.engine({ clock });
    scene.heeding.proves = false;
    const come = scene.hang();
    const id = await scene.ask(shop);
    const run = engine.run(id);
    await come;
    await cancel(id);
    await clock.advance(1_000);
    await eventually('the proof to be waited for', async () => {
      await clock.advance(1_000);
      return (await scene.build(id)).state !== 'in_progress';
    });
    await run;
    expect((await scene.build(id)).outcome).toBe('canceled');
    expect(await scene.log(id)).toContain('host h1 did not prove within 30 s that the build has stopped there');
  });

  it('fails the deploys that wait for it, with its reason', async () => {
    const environment = await scene.store.manager.save(EnvironmentRow, { name: 'production' } as EnvironmentRow);
    const engine = await scene.engine();
    const come = scene.hang();
    const id = await scene.ask(shop);
    const { rref } = await scene.build(id);
    const place = { appId: shop.id, environmentId: environment.id };
    await scene.store.manager.save(DeployRow, { ...place, rref, buildId: id, state: 'building' } as DeployRow);
    const run = engine.run(id);
    await come;
    await cancel(id);
    await run;
    expect(scene.queue.sent).toContainEqual({ kind: 'app_environment', ...place });
    await engine.look(place);
    const deploy = await scene.store.manager.findOneByOrFail(DeployRow, { buildId: id });
    expect(deploy).toMatchObject({
      ...{ state: 'failed', outcome: 'build_failed', failureReason: `build ${id} was canceled` },
    });
  });
});

describe('a newer commit of a branch', () => {
  it('takes the place of those that wait, where the app says so, and fails their deploys as superseded', async () => {
    const latest = await scene.app('latest', { buildQueue: 'latest_wins' });
    const environment = await scene.store.manager.save(EnvironmentRow, { name: 'production' } as EnvironmentRow);
    const engine = await scene.engine({ variables: { BUILDS_AT_ONCE: '1' } });
    const come = scene.hang();
    const runs = await scene.ask(latest);
    void engine.run(runs);
    await come;
    const [old, other] = [await scene.ask(latest), await scene.ask(latest, { ref: 'fix', branch: 'fix' })];
    const place = { appId: latest.id, environmentId: environment.id };
    const { rref } = await scene.build(old);
    await scene.store.manager.save(DeployRow, { ...place, rref, buildId: old, state: 'building' } as DeployRow);
    const newest = await scene.ask(latest);
    await engine.run(old);
    const reason = `superseded by build ${newest}, a newer commit of main`;
    expect(await scene.build(old)).toMatchObject({ state: 'failed', outcome: 'superseded', failureReason: reason });
    await eventually('its log to end', async () => (await scene.log(old)).at(-1) === `failed: ${reason}`);
    expect(scene.queue.sent).toContainEqual({ kind: 'app_environment', ...place });
    await engine.look(place);
    const deploy = await scene.store.manager.findOneByOrFail(DeployRow, { buildId: old });
    expect(deploy).toMatchObject({ outcome: 'superseded', failureReason: `build ${old} was ${reason}` });
    for (const id of [runs, other, newest]) expect((await scene.build(id)).state).toBe('in_progress');
  });

  it('takes no place where the app builds all', async () => {
    const engine = await scene.engine();
    const ids = [await scene.ask(shop), await scene.ask(shop)];
    await Promise.all(ids.map((id) => engine.run(id)));
    for (const id of ids) expect((await scene.build(id)).outcome).toBe('succeeded');
  });
});

describe('a build whose host is lost', () => {
  it('is begun again on another host, and says so', async () => {
    const engine = await scene.engine();
    const come = scene.hang();
    const id = await scene.ask(shop);
    const run = engine.run(id);
    await come;
    scene.world.before = () => undefined;
    scene.world.cut('h1');
    await run;
    expect(await scene.ended(id)).toMatchObject({
      ...{ outcome: 'succeeded', containerHost: 'h2', hostLosses: 1, attempts: 1 },
    });
    const told = 'host h1 was lost while building: Serf Health Status: Agent not live or unreachable';
    expect(await scene.log(id)).toContain(`${told}; it is begun again on another host (1 of 2)`);
  });

  it('is begun again so often and no more, and never on two hosts at once', async () => {
    const engine = await scene.engine({ variables: { BUILD_HOST_RETRIES: '1' } });
    scene.world.before = (call) => {
      if (call.method !== 'docker.build' || call.host === null) return undefined;
      scene.world.machines.delete(call.host);
      scene.world.changed();
      return new Promise<never>(() => undefined);
    };
    const id = await scene.ask(shop);
    await engine.run(id);
    const build = await scene.ended(id);
    expect(build).toMatchObject({ outcome: 'host_lost', hostLosses: 1 });
    expect(build.failureReason).toBe(
      'host h2 was lost while building: Consul does not know it any more; it was begun again 1 times (BUILD_HOST_RETRIES)',
    );
    expect(callsOf('docker.build').map(({ host }) => host)).toEqual(['h1', 'h2']);
    expect(scene.watch.mostOfOne).toBe(1);
  });

  it('ends as host_lost where there is no other', async () => {
    for (const name of ['h2', 'h3']) scene.world.setUnhealthy(name, 'ill');
    const engine = await scene.engine();
    const come = scene.hang();
    const id = await scene.ask(shop);
    const run = engine.run(id);
    await come;
    scene.world.cut('h1');
    await run;
    const build = await scene.ended(id);
    expect(build.outcome).toBe('host_lost');
    expect(build.failureReason).toContain('host h1 was lost while building, and there is no other: no healthy host');
  });
});

describe('a build that takes too long', () => {
  it('ends after the minutes of its app, when that is proven', async () => {
    const clock = new FakeClock();
    const engine = await scene.engine({ clock });
    const slow = await scene.app('slow', { buildTimeoutMinutes: 3 });
    const come = scene.hang();
    const id = await scene.ask(slow);
    const run = engine.run(id);
    await come;
    await clock.advance(179_000);
    expect((await scene.build(id)).state).toBe('in_progress');
    await clock.advance(2_000);
    await run;
    expect(await scene.build(id)).toMatchObject({
      outcome: 'timed_out',
      failureReason: 'the build took longer than 3 minutes, which is its limit',
    });
    expect(callsOf('build.gone')).toHaveLength(1);
  });
});

describe('a turn', () => {
  it('is not taken of a build that ended in the same moment', async () => {
    const id = await scene.ask(shop);
    const rows = new BuildQueue(scene.store);
    await new BuildProgress(scene.store).fail(id, 'over');
    expect(await rows.inTurn((manager) => BuildQueue.begin(manager, id, 'h1'))).toBe(false);
    expect(await scene.build(id)).toMatchObject({ state: 'failed', phase: 'settled', containerHost: null });
  });

  it('once taken is not to be ended as if it waited', async () => {
    const id = await scene.ask(shop);
    const rows = new BuildQueue(scene.store);
    expect(await rows.inTurn((manager) => BuildQueue.begin(manager, id, 'h1'))).toBe(true);
    const end = { outcome: 'superseded', reason: 'x' } as const;
    expect(await rows.inTurn((manager) => BuildQueue.endWaiting(manager, id, end))).toBe(false);
    expect((await scene.build(id)).state).toBe('in_progress');
  });
});
