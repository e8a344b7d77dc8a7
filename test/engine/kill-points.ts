import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineScene, type FrozenScene } from '../support/engine-scene.js';
import type { KillPoint, TestEngine } from '../support/test-engine.js';

/** Something that an engine does, and what must be there in the end whoever was killed on the way. */
export interface Scenario {
  readonly name: string;
  /** How many deeds it has at the most: each is tried. */
  readonly deeds: number;
  /** What is there before, and what is asked for; answers the deploy whose instances run in the end. */
  readonly ask: (scene: EngineScene, engine: TestEngine) => Promise<string>;
  /** Instances in the end. */
  readonly scale: number;
}

/** A deploy that is over; its id. */
export async function deployed(scene: EngineScene, engine: TestEngine): Promise<string> {
  const id = await scene.askForDeploy();
  await engine.look(scene.key);
  return id;
}

/** What was there and what is asked for, made once and copied for each engine that is killed. */
interface Asked {
  readonly frozen: FrozenScene;
  /** The deploy whose instances run in the end. */
  readonly id: string;
}

/** The engine that made what is there before has gone: nobody else does any of the deeds that are counted. */
async function askOnce(ask: Scenario['ask']): Promise<Asked> {
  const scene = await EngineScene.set(2);
  const id = await ask(scene, await scene.engine());
  return { frozen: await scene.freeze(), id };
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

/** Kills an engine before and after each of its deeds. Side by side, because most of the time is spent waiting for routers. */
export function killAtEveryDeed(scenarios: readonly Scenario[]): void {
  describe.concurrent.each(scenarios)('an engine killed at every one of its deeds: $name', ({ deeds, ask, scale }) => {
    let asked: Asked;
    beforeAll(async () => {
      asked = await askOnce(ask);
    });
    afterAll(() => asked.frozen.drop());

    it('has no more deeds than are tried', async () => {
      const scene = await asked.frozen.copy();
      const engine = await scene.engine();
      await engine.look(scene.key);
      expect(engine.deeds.length).toBeLessThanOrEqual(deeds);
      expect(engine.deeds.length).toBeGreaterThan(deeds / 2);
      await expectWhole(scene, asked.id, scale);
      await scene.stop();
    });

    it.each(points(deeds))('$when deed $step nothing is left half done', async (point) => {
      const scene = await asked.frozen.copy();
      const victim = await scene.engine(point);
      await Promise.race([victim.look(scene.key), victim.died]);
      await takeOver(scene);
      await expectWhole(scene, asked.id, scale);
      await scene.stop();
    });
  });
}
