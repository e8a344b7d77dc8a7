import { describe, expect, it } from 'vitest';
import { PoolScene } from '../support/pool-scene.js';
import type { KillPoint, TestEngine } from '../support/test-engine.js';

/** One host leaves because fewer are needed, another because its group ends it; with a deploy, instances run on both. */
async function leaving(deploys: boolean): Promise<PoolScene> {
  const scene = await PoolScene.set(4, 2);
  const first = await scene.scene.engine();
  await first.lookAtPool(scene.poolId);
  if (deploys) await scene.scene.askForDeploy();
  await first.look(scene.scene.key);
  await first.stop();
  await scene.scaleIn('n1');
  scene.scene.world.groups.fail(scene.group.ref.name, scene.machineOf('n2'));
  return scene;
}

/** What must hold whoever was killed: both are gone, each was ended once, and the group has what is wanted. */
async function expectLeft(scene: PoolScene, instances: number): Promise<void> {
  const pool = await scene.pool();
  expect(pool).toMatchObject({ desiredHosts: 3, trouble: null });
  expect(scene.group).toMatchObject({ desired: 3 });
  expect(scene.group.instances.map(({ lifecycleState }) => lifecycleState)).toEqual(Array(3).fill('InService'));
  expect(Object.keys(await scene.spread()).filter((host) => host === 'n1' || host === 'n2')).toEqual([]);
  expect(await scene.scene.living()).toHaveLength(instances);
  expect(scene.scene.registered()).toHaveLength(instances);
  const rows = await scene.rows();
  expect(rows.filter(({ goneAt }) => goneAt !== null).map(({ host }) => host)).toEqual(['n1', 'n2']);
  expect(rows.filter(({ goneAt, leavingSince }) => goneAt === null && leavingSince === null)).toHaveLength(3);
}

async function lookAtAll(scene: PoolScene, engine: TestEngine): Promise<void> {
  await scene.lookAtAll(engine, 4);
}

const points: KillPoint[] = Array.from({ length: 4 }, (_, index) => index + 1).flatMap((step) => [
  { step, when: 'before' as const },
  { step, when: 'after' as const },
]);

describe.concurrent('an engine killed at every one of its deeds to a group', () => {
  it.each(points)('$when deed $step nothing is left half done', { timeout: 120_000 }, async (point) => {
    const scene = await leaving(false);
    const victim = await scene.scene.engine(point);
    await Promise.race([victim.lookAtPool(scene.poolId), victim.died]);
    await scene.scene.leasesRunOut();
    await lookAtAll(scene, await scene.scene.engine());
    await expectLeft(scene, 0);
    await scene.stop();
  });
});

describe('two engines at one pool', () => {
  it('end each machine once', { timeout: 120_000 }, async () => {
    const scene = await leaving(true);
    const machines = [scene.machineOf('n1'), scene.machineOf('n2')];
    const engines = [await scene.scene.engine(), await scene.scene.engine()];
    for (let time = 0; time < 6; time += 1) {
      await Promise.all(engines.map((engine) => engine.lookAtPool(scene.poolId)));
      await Promise.all(engines.map((engine) => engine.look(scene.scene.key)));
    }
    await lookAtAll(scene, engines[0] as TestEngine);
    await expectLeft(scene, 2);
    const asked = scene.asked().filter((each) => /^(terminate|release) /.test(each));
    expect(asked.sort()).toEqual(
      [`release ${machines[0]}`, `release ${machines[1]}`, `terminate ${machines[0]}`].sort(),
    );
    await scene.stop();
  });
});
