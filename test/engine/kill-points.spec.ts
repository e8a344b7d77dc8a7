import { describe, expect, it } from 'vitest';
import { LABELS } from '../../src/domain/instance/container-name.js';
import { EngineScene } from '../support/engine-scene.js';
import type { KillPoint, TestEngine } from '../support/test-engine.js';

/** Something that an engine does, and what must be there in the end whoever was killed on the way. */
interface Scenario {
  readonly name: string;
  /** How many deeds it has at the most: each is tried. */
  readonly deeds: number;
  /** What is there before, and what is asked for; answers the deploy whose instances run in the end. */
  readonly ask: (scene: EngineScene, engine: TestEngine) => Promise<string>;
  /** Instances in the end. */
  readonly scale: number;
}

async function deployed(scene: EngineScene, engine: TestEngine): Promise<string> {
  const id = await scene.askForDeploy();
  await engine.look(scene.key);
  return id;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a rolling deploy of two over two',
    deeds: 14,
    scale: 2,
    ask: async (scene, engine) => {
      await deployed(scene, engine);
      return scene.askForDeploy();
    },
  },
  {
    name: 'a deploy that fails when half is exchanged, and is taken back',
    deeds: 20,
    scale: 2,
    ask: async (scene, engine) => {
      const id = await deployed(scene, engine);
      const next = await scene.askForDeploy();
      scene.world.fateOf = ({ labels }) =>
        labels[LABELS.deploy] === next && labels[LABELS.slot] === '2' ? { healthyAfter: null, endsAfter: 1_300 } : {};
      return id;
    },
  },
  {
    name: 'a blue-green deploy',
    deeds: 16,
    scale: 2,
    ask: async (scene, engine) => {
      await deployed(scene, engine);
      await scene.setWorker({ strategy: 'blue_green' });
      return scene.askForDeploy();
    },
  },
  {
    name: 'a deploy that stops the old first',
    deeds: 14,
    scale: 2,
    ask: async (scene, engine) => {
      await deployed(scene, engine);
      await scene.setWorker({ strategy: 'recreate' });
      return scene.askForDeploy();
    },
  },
  {
    name: 'a rollback',
    deeds: 14,
    scale: 2,
    ask: async (scene, engine) => {
      await deployed(scene, engine);
      await deployed(scene, engine);
      return scene.askForRollback(1);
    },
  },
  {
    name: 'a cancel',
    deeds: 6,
    scale: 2,
    ask: async (scene, engine) => {
      const id = await deployed(scene, engine);
      const canceled = await scene.askForDeploy();
      const begun = await scene.engine({ step: 4, when: 'after' });
      await Promise.race([begun.look(scene.key), begun.died]);
      await scene.leasesRunOut();
      await scene.dataSource.query('UPDATE deploys SET cancel_requested_at = now() WHERE id = $1', [canceled]);
      return id;
    },
  },
  {
    name: 'a reconcile that scales up',
    deeds: 8,
    scale: 4,
    ask: async (scene, engine) => {
      const id = await deployed(scene, engine);
      await scene.scale(4);
      return id;
    },
  },
  {
    name: 'a restart',
    deeds: 14,
    scale: 2,
    ask: async (scene, engine) => {
      const id = await deployed(scene, engine);
      await scene.askForRestart();
      return id;
    },
  },
  {
    name: 'a host that is emptied',
    deeds: 7,
    scale: 2,
    ask: async (scene, engine) => {
      const id = await deployed(scene, engine);
      await scene.setHost('h1', { cordoned: true, drainRequestedAt: new Date() });
      return id;
    },
  },
];

/** The engine that made what is there before has gone: nobody else does any of the deeds that are counted. */
async function askAlone(scene: EngineScene, ask: Scenario['ask']): Promise<string> {
  const first = await scene.engine();
  const id = await ask(scene, first);
  await first.stop();
  return id;
}

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
  expect(living.map(({ state, desired, standby }) => `${state} ${desired} ${standby}`)).toEqual(
    slots.map(() => 'healthy running false'),
  );
  expect(scene.registered()).toEqual(living.map(({ containerName }) => containerName).sort());
  expect(await scene.inProgress()).toEqual([]);
}

const points = (deeds: number): KillPoint[] =>
  Array.from({ length: deeds }, (_, index) => index + 1).flatMap((step) => [
    { step, when: 'before' as const },
    { step, when: 'after' as const },
  ]);

/** Side by side, because most of the time is spent waiting for routers. */
describe.concurrent.each(SCENARIOS)('an engine killed at every one of its deeds: $name', ({ deeds, ask, scale }) => {
  it('has no more deeds than are tried', async () => {
    const scene = await EngineScene.set(2);
    const id = await askAlone(scene, ask);
    const engine = await scene.engine();
    await engine.look(scene.key);
    expect(engine.deeds.length).toBeLessThanOrEqual(deeds);
    expect(engine.deeds.length).toBeGreaterThan(deeds / 2);
    await expectWhole(scene, id, scale);
    await scene.stop();
  });

  it.each(points(deeds))('$when deed $step nothing is left half done', async (point) => {
    const scene = await EngineScene.set(2);
    const id = await askAlone(scene, ask);
    const victim = await scene.engine(point);
    await Promise.race([victim.look(scene.key), victim.died]);
    await takeOver(scene);
    await expectWhole(scene, id, scale);
    await scene.stop();
  });
});
