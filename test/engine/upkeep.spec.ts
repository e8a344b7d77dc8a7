import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineScene } from '../support/engine-scene.js';
import type { TestEngine } from '../support/test-engine.js';

let scene: EngineScene;
let engine: TestEngine;
beforeEach(async () => {
  scene = await EngineScene.set(6);
  engine = await scene.engine();
  await scene.askForDeploy();
  await engine.look(scene.key);
});
afterEach(() => scene.stop());

/** How many wanted instances each host has. */
async function spread(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { host, desired } of await scene.living())
    if (desired === 'running') counts[host] = (counts[host] ?? 0) + 1;
  return counts;
}

/** The fewest entries in Consul at any question to the world from now on. */
function watchFewest(): () => number {
  let fewest = Infinity;
  scene.world.before = () => {
    fewest = Math.min(fewest, scene.registered().length);
  };
  return () => fewest;
}

const attempts = async (): Promise<number[]> => (await scene.living()).map(({ attempt }) => attempt);

describe('a restart', () => {
  it('exchanges every instance, a few at a time, and never has fewer than before', async () => {
    const fewest = watchFewest();
    const reconcile = await scene.askForRestart();
    await engine.look(scene.key);
    expect(await attempts()).toEqual([2, 2, 2, 2, 2, 2]);
    expect(fewest()).toBe(6);
    expect(await scene.reconcile(reconcile)).toMatchObject({ state: 'completed' });
    expect((await scene.reconcile(reconcile)).plan.filter(({ action }) => action === 'restart')).toHaveLength(6);
  });

  it('of the unhealthy leaves the others alone', async () => {
    const [first] = await scene.living();
    scene.world.alter(first?.host ?? '', first?.containerName ?? '', { healthyAfter: null });
    await scene.askForRestart(true);
    await engine.look(scene.key);
    const after = await scene.living();
    expect(after.filter(({ attempt }) => attempt === 2).map(({ slot }) => slot)).toEqual([first?.slot]);
    expect(after).toHaveLength(6);
  });

  it('stops first what may not run twice', async () => {
    await scene.setWorker({ strategy: 'recreate', parallelism: 1 });
    await scene.askForDeploy();
    await engine.look(scene.key);
    let most = 0;
    scene.world.before = () => {
      most = Math.max(most, scene.containers().length);
    };
    await scene.askForRestart();
    await engine.look(scene.key);
    expect(await attempts()).toEqual([2, 2, 2, 2, 2, 2]);
    expect(most).toBe(6);
  });
});

describe('a host', () => {
  it('that is emptied hands all it has to the others, without a gap', async () => {
    const fewest = watchFewest();
    await scene.setHost('h1', { cordoned: true, drainRequestedAt: new Date() });
    await engine.look(scene.key);
    expect(await spread()).toEqual({ h2: 3, h3: 3 });
    expect(fewest()).toBe(6);
    expect(scene.world.machine('h1').containers.size).toBe(0);
  });

  it('that is taken back into use is filled again, a share at once', async () => {
    await scene.setHost('h1', { cordoned: true, drainRequestedAt: new Date() });
    await engine.look(scene.key);
    const fewest = watchFewest();
    await scene.setHost('h1', { cordoned: false, drainRequestedAt: null });
    await engine.look(scene.key);
    expect(await spread()).toEqual({ h1: 2, h2: 2, h3: 2 });
    expect(fewest()).toBe(6);
  });

  it('that has no room elsewhere for what it has keeps it', async () => {
    await scene.setHost('h2', { cordoned: true });
    await scene.setHost('h3', { cordoned: true });
    await scene.setHost('h1', { cordoned: true, drainRequestedAt: new Date() });
    await engine.look(scene.key);
    expect(await spread()).toEqual({ h1: 2, h2: 2, h3: 2 });
  });

  it('that is lost is waited for, and then its instances run elsewhere', async () => {
    scene.world.cut('h2');
    await scene.setHost('h2', { lostSince: new Date() });
    await engine.look(scene.key);
    expect(await spread()).toEqual({ h1: 2, h2: 2, h3: 2 });
    await scene.setHost('h2', { lostSince: new Date(Date.now() - 31_000) });
    await engine.look(scene.key);
    expect(await spread()).toEqual({ h1: 3, h3: 3 });
    scene.world.mend('h2');
    await scene.setHost('h2', { lostSince: null });
    await engine.look(scene.key);
    expect(await spread()).toEqual({ h1: 2, h2: 2, h3: 2 });
    expect(scene.containers()).toHaveLength(6);
    expect(scene.registered()).toHaveLength(6);
  });

  it('that is lost does not lose what may not run twice before Consul forgets it', async () => {
    await scene.setWorker({ strategy: 'recreate' });
    await scene.askForDeploy();
    await engine.look(scene.key);
    scene.world.cut('h2');
    await scene.setHost('h2', { lostSince: new Date(Date.now() - 31_000) });
    await engine.look(scene.key);
    expect((await spread())['h2']).toBe(2);
  });
});

describe('a host that Consul has forgotten', () => {
  beforeEach(async () => {
    scene.world.machines.delete('h2');
    await scene.setHost('h2', { lostSince: new Date(Date.now() - 31_000) });
  });

  it('is given up: what it had runs elsewhere, and no row of it is left', async () => {
    await engine.look(scene.key);
    expect(await spread()).toEqual({ h1: 3, h3: 3 });
    expect((await scene.living()).filter(({ host }) => host === 'h2')).toEqual([]);
  });

  it('does not keep what may not run twice from being rolled out', async () => {
    await scene.setWorker({ strategy: 'recreate' });
    const next = await scene.askForDeploy();
    await engine.look(scene.key);
    expect((await scene.deploy(next)).state).toBe('deployed');
    expect(await spread()).toEqual({ h1: 3, h3: 3 });
  });
});

describe('what is not as it should be', () => {
  it('a Consul entry that somebody took out is written again', async () => {
    const [first] = await scene.living();
    scene.world.machine(first?.host ?? '').registrations.delete(first?.containerName ?? '');
    await engine.look(scene.key);
    expect(scene.registered()).toHaveLength(6);
  });

  it('a container that ended is started again in its place', async () => {
    const [first] = await scene.living();
    scene.world.alter(first?.host ?? '', first?.containerName ?? '', { endsAfter: 0 });
    scene.world.lose(first?.host ?? '', first?.containerName ?? '');
    await engine.look(scene.key);
    expect(scene.containers()).toHaveLength(6);
    expect(await attempts()).toEqual([1, 1, 1, 1, 1, 1]);
  });
});
