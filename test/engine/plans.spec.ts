import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanDto } from '../../src/features/plans/plan.dto.js';
import { DeployRow } from '../../src/store/entities/index.js';
import { EngineScene } from '../support/engine-scene.js';
import { Planner } from '../support/planner.js';
import type { TestEngine } from '../support/test-engine.js';

const PATIENCE = 60_000;

let scene: EngineScene;
let engine: TestEngine;
let planner: Planner;

beforeEach(async () => {
  scene = await EngineScene.set(4);
  const { url } = scene.dataSource.options as { url: string };
  planner = await Planner.over(url, scene.world);
  engine = await scene.engine();
  await scene.askForDeploy();
  await engine.look(scene.key);
});
afterEach(async () => {
  await planner.stop();
  await scene.stop();
});

/** Where each slot is, `1 on h1`. */
async function places(): Promise<string[]> {
  const living = (await scene.living()).filter(({ desired }) => desired === 'running');
  return living.map(({ slot, host }) => `${slot} on ${host}`).sort();
}

/** Where each slot would be after the plan. */
function planned(before: readonly string[], { steps }: PlanDto): string[] {
  const hosts = new Map(before.map((place) => place.split(' on ') as [string, string]));
  for (const { slot, to } of steps)
    if (to === null) hosts.delete(String(slot));
    else hosts.set(String(slot), to);
  return [...hosts].map(([slot, host]) => `${slot} on ${host}`).sort();
}

/** Asks for the plan, then lets it happen. */
async function compare(change: Readonly<Record<string, unknown>>, happen: () => Promise<unknown>): Promise<PlanDto> {
  const before = await places();
  const plan = await planner.plan(change);
  expect(await places()).toEqual(before);
  await happen();
  await engine.look(scene.key);
  expect(await places()).toEqual(planned(before, plan));
  return plan;
}

describe('a plan and the real run agree', () => {
  it.each([
    ['rolling', { strategy: 'rolling', parallelism: 2 }],
    ['blue-green', { strategy: 'blue_green' }],
    ['canary', { strategy: 'canary', canaryPauseSeconds: 0 }],
    ['recreate', { strategy: 'recreate' }],
  ] as const)(
    'on a deploy, %s',
    async (_name, policy) => {
      await scene.setWorker({ ...policy, scale: 5, memoryMb: 512 });
      const plan = await compare({ kind: 'deploy' }, async () => {
        const current = await scene.dataSource.manager.findOneByOrFail(DeployRow, { ...scene.key, state: 'deployed' });
        const { rref, buildId } = current;
        await scene.dataSource.manager.save(
          scene.dataSource.manager.create(DeployRow, { ...scene.key, rref, buildId }),
        );
      });
      expect(plan.steps.map(({ slot }) => slot).sort()).toEqual([1, 2, 3, 4, 5]);
      const living = await scene.living();
      for (const { host, after } of plan.hosts)
        expect(after.instances).toBe(living.filter((each) => each.host === host).length);
    },
    PATIENCE,
  );

  it(
    'on a deploy that finds no place: nothing is moved',
    async () => {
      await scene.setWorker({ memoryMb: 4000 });
      let id = '';
      const plan = await compare({ kind: 'deploy' }, async () => (id = await scene.askForDeploy()));
      const reasons = plan.unplaced.flatMap((each) => each.reasons.map(({ host, reason }) => `${host}: ${reason}`));
      expect(reasons.length).toBeGreaterThan(0);
      const { outcome, failureReason } = await scene.deploy(id);
      expect(outcome).toBe('not_placed');
      for (const reason of reasons) expect(failureReason).toContain(reason);
    },
    PATIENCE,
  );

  it.each([0, 7])(
    'on a scale of %i',
    async (scale) => {
      const plan = await compare({ kind: 'scale', worker: 'web', scale }, () => scene.scale(scale));
      expect(plan.would_change).toBe(true);
    },
    PATIENCE,
  );

  it(
    'on a lost host',
    async () => {
      const plan = await compare({ kind: 'lose_host', host: 'h2' }, async () => {
        scene.world.cut('h2');
        await scene.setHost('h2', { lostSince: new Date(Date.now() - 3_600_000) });
      });
      expect(plan.steps.length).toBeGreaterThan(0);
      expect(plan.steps.every(({ from }) => from === 'h2')).toBe(true);
    },
    PATIENCE,
  );

  it(
    'on a host that is added',
    async () => {
      await scene.scale(9);
      await engine.look(scene.key);
      const change = { kind: 'add_hosts', count: 1, memory_mb: 4096, cpus: 4, stack: 'api' };
      const plan = await compare(change, async () => {
        scene.world.addHost('new-1', { pools: ['api/production'] });
      });
      expect(plan.hosts.map(({ after }) => after.instances).sort()).toEqual([2, 2, 2, 3]);
      expect((await scene.living()).filter(({ host }) => host === 'new-1')).toHaveLength(2);
    },
    PATIENCE,
  );
});
