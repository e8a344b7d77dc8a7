import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LABELS } from '../../src/domain/instance/container-name.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';
import type { TestEngine } from '../support/test-engine.js';

let scene: EngineScene;
let engine: TestEngine;
beforeEach(async () => {
  scene = await EngineScene.set(4);
  engine = await scene.engine();
  await scene.askForDeploy();
  await engine.look(scene.key);
});
afterEach(() => scene.stop());

/** Containers of a deploy that run now. */
const running = (deployId: string): number =>
  scene.containers().filter((name) => name.endsWith(`deploy ${deployId}`)).length;

/** Rolls out and notes, whenever a container starts, how many there are of each deploy. */
async function rollOut(
  also: () => void = () => undefined,
): Promise<{ id: string; seen: { old: number; fresh: number }[] }> {
  const id = await scene.askForDeploy();
  const seen: { old: number; fresh: number }[] = [];
  scene.world.before = ({ method, about }) => {
    if (method.endsWith('start') && about.includes(`-d${id}`)) seen.push({ old: running('1'), fresh: running(id) });
  };
  also();
  await engine.look(scene.key);
  return { id, seen };
}

describe('rolling', () => {
  it('starts one first, then batch by batch, and never has fewer than before', async () => {
    await scene.setWorker({ parallelism: 2 });
    const { id, seen } = await rollOut();
    expect((await scene.deploy(id)).state).toBe('deployed');
    const [first, second, third, fourth] = await scene.living();
    const later = (one: Date | null | undefined, other: Date | null | undefined) => Number(one) >= Number(other);
    for (const each of [second, third]) {
      expect(later(each?.startedAt, first?.healthyAt)).toBe(true);
      expect(later(fourth?.startedAt, each?.healthyAt)).toBe(true);
    }
    expect(seen.every(({ old, fresh }) => old + fresh >= 4)).toBe(true);
    expect(running(id)).toBe(4);
  });

  it('puts back what it had taken away when a later one fails', async () => {
    const before = scene.containers();
    await scene.setWorker({ parallelism: 1 });
    const { id } = await rollOut(() => {
      scene.world.fateOf = ({ labels }) =>
        labels[LABELS.deploy] === '2' && labels[LABELS.slot] === '3'
          ? { healthyAfter: null, endsAfter: 0, exitCode: 137 }
          : {};
    });
    expect(await scene.deploy(id)).toMatchObject({
      state: 'failed',
      outcome: 'reverted',
      failure: { kind: 'exited', exitCode: 137, signal: 'SIGKILL' },
    });
    expect(scene.containers()).toEqual(before);
    expect((await scene.living()).every(({ state, desired }) => state === 'healthy' && desired === 'running')).toBe(
      true,
    );
    expect(scene.registered()).toHaveLength(4);
  });

  it('tries again what fails, as often as may be', async () => {
    await scene.setWorker({ allowedFailures: 1 });
    let failed = false;
    const { id } = await rollOut(() => {
      scene.world.fateOf = ({ labels }) => {
        if (labels[LABELS.deploy] !== '2' || labels[LABELS.slot] !== '2' || failed) return {};
        failed = true;
        return { healthyAfter: null, endsAfter: 0 };
      };
    });
    expect((await scene.deploy(id)).state).toBe('deployed');
    expect((await scene.living()).find(({ slot }) => slot === 2)?.attempt).toBe(2);
  });

  it('pauses where the policy says so, and goes on when somebody says so', async () => {
    await scene.setWorker({ onFailure: 'pause' });
    const id = await scene.askForDeploy();
    scene.world.fateOf = ({ labels }) => (labels[LABELS.slot] === '2' ? { healthyAfter: null, endsAfter: 0 } : {});
    const pass = engine.look(scene.key);
    await eventually('it is paused', async () => (await scene.deploy(id)).pausedAt !== null);
    scene.world.fateOf = () => ({});
    await scene.dataSource.query('UPDATE deploys SET continued_at = now(), paused_at = NULL WHERE id = $1', [id]);
    await engine.look(scene.key);
    await pass;
    expect((await scene.deploy(id)).state).toBe('deployed');
    expect(running(id)).toBe(4);
  });

  it('fails when nothing comes forward for too long', async () => {
    await scene.setWorker({ progressDeadlineSeconds: 1, healthDeadlineSeconds: 100 });
    const { id } = await rollOut(() => scene.setFate('2', { healthyAfter: null }));
    expect(await scene.deploy(id)).toMatchObject({ state: 'failed', outcome: 'timed_out' });
    expect((await scene.deploy(id)).failureReason).toContain('nothing came forward for 1 s');
    expect(running('1')).toBe(4);
  });
});

describe('blue-green', () => {
  it('lets all new ones stand by, and gives them traffic together', async () => {
    await scene.setWorker({ strategy: 'blue_green' });
    const services: string[] = [];
    const id = await scene.askForDeploy();
    scene.world.before = ({ method, about }) => {
      if (method === 'registry.register') services.push(`${about} ${running('1')}`);
    };
    await engine.look(scene.key);
    expect((await scene.deploy(id)).state).toBe('deployed');
    expect(running(id)).toBe(4);
    expect(services).toHaveLength(8);
    expect(services.every((each) => each.endsWith(' 4'))).toBe(true);
    const living = await scene.living();
    expect(living.every(({ standby, liveAt }) => !standby && liveAt !== null)).toBe(true);
  });

  it('leaves traffic alone when one of them fails', async () => {
    await scene.setWorker({ strategy: 'blue_green' });
    const before = scene.registered();
    const { id } = await rollOut(() => {
      scene.world.fateOf = ({ labels }) =>
        labels[LABELS.deploy] === '2' && labels[LABELS.slot] === '4' ? { healthyAfter: null, endsAfter: 0 } : {};
    });
    expect((await scene.deploy(id)).outcome).toBe('reverted');
    expect(scene.registered()).toEqual(before);
  });
});

describe('canary', () => {
  it('runs its share beside the old until somebody says continue', async () => {
    await scene.setWorker({ strategy: 'canary', canaryPercent: 50, canaryPauseSeconds: null });
    const id = await scene.askForDeploy();
    const pass = engine.look(scene.key);
    await eventually(
      'the canaries are healthy',
      async () =>
        (await scene.living()).filter((each) => each.deployId === id && each.state === 'healthy').length === 2,
    );
    expect(running('1')).toBe(4);
    await scene.dataSource.query('UPDATE deploys SET continued_at = now() WHERE id = $1', [id]);
    await engine.look(scene.key);
    await pass;
    expect((await scene.deploy(id)).state).toBe('deployed');
    expect(running(id)).toBe(4);
    expect(running('1')).toBe(0);
  });

  it('waits as long as the policy says', async () => {
    await scene.setWorker({ strategy: 'canary', canaryPercent: 25, canaryPauseSeconds: 1 });
    const { id, seen } = await rollOut();
    expect((await scene.deploy(id)).state).toBe('deployed');
    expect(seen[0]).toEqual({ old: 4, fresh: 0 });
    expect(running(id)).toBe(4);
  });
});

describe('recreate', () => {
  it('starts nothing before the old are gone', async () => {
    await scene.setWorker({ strategy: 'recreate' });
    const { id, seen } = await rollOut();
    expect((await scene.deploy(id)).state).toBe('deployed');
    expect(seen.every(({ old }) => old === 0)).toBe(true);
    expect(running(id)).toBe(4);
  });

  it('brings the old back when the new do not work', async () => {
    await scene.setWorker({ strategy: 'recreate' });
    const { id } = await rollOut(() => scene.setFate('2', { healthyAfter: null, endsAfter: 0 }));
    expect((await scene.deploy(id)).outcome).toBe('reverted');
    expect(running('1')).toBe(4);
    expect(running(id)).toBe(0);
  });
});
