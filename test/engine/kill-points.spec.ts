import { describe, expect, it } from 'vitest';
import { EngineScene } from '../support/engine-scene.js';
import type { KillPoint } from '../support/test-engine.js';

/** So many deeds a rollout of two over two has: pull, start, register, keep running; deregister, and again with the removal. */
const DEEDS_OF_A_ROLLOUT = 14;

/** A killed engine's lease runs out, and the next engine takes over. */
async function takeOver(scene: EngineScene): Promise<void> {
  await scene.leasesRunOut();
  await (await scene.engine()).look(scene.key);
}

/** What must hold whoever was killed: one container in each slot, each registered, and no row that says otherwise. */
async function expectWhole(scene: EngineScene, deployId: string, scale: number): Promise<void> {
  const slots = Array.from({ length: scale }, (_, index) => `${index + 1} of deploy ${deployId}`);
  expect(scene.containers()).toEqual(slots);
  const living = await scene.living();
  expect(living.map(({ state, desired }) => `${state} ${desired}`)).toEqual(slots.map(() => 'healthy running'));
  expect(scene.registered()).toEqual(living.map(({ containerName }) => containerName).sort());
}

const points = (deeds: number): KillPoint[] =>
  Array.from({ length: deeds }, (_, index) => index + 1).flatMap((step) => [
    { step, when: 'before' as const },
    { step, when: 'after' as const },
  ]);

describe('an engine killed at every one of its deeds leaves nothing half done', () => {
  it('a rollout of two over two has as many deeds as are tried', async () => {
    const scene = await EngineScene.set(2);
    await scene.askForDeploy();
    await (await scene.engine()).look(scene.key);
    await scene.askForDeploy();
    const engine = await scene.engine();
    await engine.look(scene.key);
    expect(engine.deeds.length).toBeLessThanOrEqual(DEEDS_OF_A_ROLLOUT);
    await scene.stop();
  });

  it.each(points(DEEDS_OF_A_ROLLOUT))('rollout, killed $when deed $step', async (point) => {
    const scene = await EngineScene.set(2);
    await scene.askForDeploy();
    await (await scene.engine()).look(scene.key);
    const id = await scene.askForDeploy();
    const victim = await scene.engine(point);
    await Promise.race([victim.look(scene.key), victim.died]);
    await takeOver(scene);
    expect((await scene.deploy(id)).state).toBe('deployed');
    await expectWhole(scene, id, 2);
    await scene.stop();
  });

  it.each(points(10))('rollout that fails, killed $when deed $step', async (point) => {
    const scene = await EngineScene.set(2);
    const old = await scene.askForDeploy();
    await (await scene.engine()).look(scene.key);
    const id = await scene.askForDeploy();
    scene.setFate(id, { healthyAfter: null, endsAfter: 0, exitCode: 3 });
    const victim = await scene.engine(point);
    await Promise.race([victim.look(scene.key), victim.died]);
    await takeOver(scene);
    expect((await scene.deploy(id)).state).toBe('failed');
    await expectWhole(scene, old, 2);
    await scene.stop();
  });

  it.each(points(6))('reconcile that scales up, killed $when deed $step', async (point) => {
    const scene = await EngineScene.set(2);
    const id = await scene.askForDeploy();
    await (await scene.engine()).look(scene.key);
    await scene.scale(4);
    const victim = await scene.engine(point);
    await Promise.race([victim.look(scene.key), victim.died]);
    await takeOver(scene);
    await expectWhole(scene, id, 4);
    await scene.stop();
  });
});
