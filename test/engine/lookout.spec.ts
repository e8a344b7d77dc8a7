import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LABELS } from '../../src/domain/instance/container-name.js';
import { HostRow } from '../../src/store/entities/index.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';

let scene: EngineScene;
beforeEach(async () => {
  scene = await EngineScene.set(3);
});
afterEach(() => scene.stop());

/** Seconds within which what changes is seen: the sweep, which would see it too, comes after 60. */
const AT_ONCE = 30;

/** Three instances run, the engine rests and watches. */
async function running(variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const id = await scene.askForDeploy();
  const engine = await scene.watchingEngine(variables);
  await engine.look(scene.key);
  expect((await scene.deploy(id)).state).toBe('deployed');
  await quiet();
  return id;
}

/** Nothing is asked of the world for a second. */
async function quiet(): Promise<void> {
  await eventually('the engine rests', async () => {
    const before = scene.world.calls.length;
    await pause(1_000);
    return scene.world.calls.length === before;
  });
}

const lost = async (name: string): Promise<Date | null> =>
  (await scene.dataSource.manager.findOneBy(HostRow, { name }))?.lostSince ?? null;

async function firstLiving() {
  const [first] = await scene.living();
  if (first === undefined) throw new Error('nothing lives');
  return first;
}

/** A container with our labels that no row knows. */
function putExtra(host: string, app: string): void {
  const labels = { [LABELS.app]: app, [LABELS.environment]: 'production', [LABELS.worker]: 'web' };
  const plain = { image: 'x', command: [], env: {}, publish: null, stopGraceSeconds: 0, stopSignal: 'SIGTERM' };
  const spec = { name: `${app}-extra`, labels, resources: { memoryMb: 16, cpus: 0.1 }, ...plain };
  scene.world.begin(host, scene.world.put(host, spec));
}

describe('an engine at rest', () => {
  it('brings a container back that vanished', async () => {
    const id = await running();
    const { host, containerName } = await firstLiving();
    scene.world.lose(host, containerName);
    await eventually('all three run', () => scene.containers().length === 3, AT_ONCE);
    expect(scene.containers()).toEqual([`1 of deploy ${id}`, `2 of deploy ${id}`, `3 of deploy ${id}`]);
  });

  it('brings back what somebody took out of Consul', async () => {
    await running();
    const { host, containerName } = await firstLiving();
    scene.world.machine(host).registrations.delete(containerName);
    scene.world.changed();
    await eventually('it is registered again', () => scene.registered().includes(containerName), AT_ONCE);
  });

  it('removes a container that somebody started under its labels', async () => {
    await running();
    putExtra('h2', 'sample');
    await eventually('it is gone', () => !scene.world.machine('h2').containers.has('sample-extra'), AT_ONCE);
    expect(scene.containers()).toHaveLength(3);
  });

  it('keeps since when a host is lost, and forgets it when the host is back', async () => {
    await running();
    expect(await lost('h1')).toBeNull();
    scene.world.cut('h1');
    const since = await eventually('h1 is lost', () => lost('h1'), AT_ONCE);
    scene.world.setUnhealthy('h2', 'its disk is full');
    await eventually('h2 is lost', () => lost('h2'), AT_ONCE);
    expect(await lost('h1')).toEqual(since);
    scene.world.mend('h1');
    await eventually('h1 is back', async () => (await lost('h1')) === null, AT_ONCE);
    expect(await lost('h2')).not.toBeNull();
  });

  it('holds a host for lost that is gone from Consul, and none while Consul is silent', async () => {
    await running();
    scene.world.consulAnswers = false;
    const h3 = scene.world.machine('h3');
    scene.world.machines.delete('h3');
    scene.world.changed();
    await quiet();
    expect(await lost('h3')).toBeNull();
    scene.world.consulAnswers = true;
    scene.world.changed();
    await eventually('h3 is lost', () => lost('h3'), AT_ONCE);
    scene.world.machines.set('h3', h3);
  });

  it('starts the instances of a lost host elsewhere when its grace is over, and not before', async () => {
    await running({ HOST_GRACE_SECONDS: '3' });
    const at = Date.now();
    scene.world.cut('h1');
    const there = async (host: string) =>
      (await scene.living()).filter((each) => each.host === host && each.desired === 'running');
    await eventually('it runs elsewhere', async () => {
      const healthy = (await scene.living()).filter(({ host, state }) => host !== 'h1' && state === 'healthy');
      return healthy.length === 3;
    });
    expect(Date.now() - at).toBeGreaterThanOrEqual(2_900);
    expect(await there('h1')).toEqual([]);
  });

  it('goes on with the grace of a host that was lost before it began', async () => {
    const id = await scene.askForDeploy();
    await (await scene.engine()).look(scene.key);
    expect((await scene.deploy(id)).state).toBe('deployed');
    scene.world.cut('h1');
    await scene.dataSource.query(`INSERT INTO hosts (name, lost_since) VALUES ('h1', now() - interval '1 hour')
      ON CONFLICT (name) DO UPDATE SET lost_since = excluded.lost_since`);
    await scene.watchingEngine({ HOST_GRACE_SECONDS: '600' });
    await eventually('it runs elsewhere', async () => {
      const healthy = (await scene.living()).filter(({ host, state }) => host !== 'h1' && state === 'healthy');
      return healthy.length === 3;
    });
  });
});

describe('a sweep', () => {
  it('finds containers of an app of which nothing should run, and leaves those of unknown apps alone', async () => {
    putExtra('h1', 'sample');
    putExtra('h2', 'stranger');
    await scene.watchingEngine();
    await eventually('it is gone', () => !scene.world.machine('h1').containers.has('sample-extra'), AT_ONCE);
    await quiet();
    expect(scene.world.machine('h2').containers.has('stranger-extra')).toBe(true);
  });
});
