import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReleaseRow } from '../../src/store/entities/index.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';
import type { TestEngine } from '../support/test-engine.js';

let scene: EngineScene;
let engine: TestEngine;
beforeEach(async () => {
  scene = await EngineScene.set(2);
  engine = await scene.engine();
  await deploy();
});
afterEach(() => scene.stop());

/** A deploy of a new commit, to its end; its id. */
async function deploy(): Promise<string> {
  const id = await scene.askForDeploy();
  await engine.look(scene.key);
  return id;
}

const both = (id: string): string[] => [`1 of deploy ${id}`, `2 of deploy ${id}`];

async function releases(): Promise<string[]> {
  const rows = await scene.dataSource.manager.find(ReleaseRow, { order: { number: 'ASC' } });
  return rows.map(({ number, kind, image }) => `v${number} ${kind} ${image.slice(-6)}`);
}

describe('releases', () => {
  it('number every success, with its image and its workers', async () => {
    await deploy();
    const rows = await scene.dataSource.manager.find(ReleaseRow, { order: { number: 'ASC' } });
    expect(rows.map(({ number, deployId }) => [number, deployId])).toEqual([
      [1, '1'],
      [2, '2'],
    ]);
    expect(rows[0]?.image).not.toBe(rows[1]?.image);
    expect(rows[0]?.workers).toMatchObject([{ name: 'web', policy: { strategy: 'rolling' } }]);
  });

  it('number no failure', async () => {
    const id = await scene.askForDeploy();
    scene.setFate(id, { healthyAfter: null, endsAfter: 0 });
    await engine.look(scene.key);
    expect(await releases()).toHaveLength(1);
  });
});

describe('a rollback', () => {
  it('brings back image, variables and workers of the release, and is a release itself', async () => {
    const [before] = await releases();
    await scene.setWorker({ command: '/start changed', strategy: 'canary', canaryPauseSeconds: null });
    await scene.dataSource.query(`UPDATE workers SET strategy = 'rolling'`);
    await deploy();
    const id = await scene.askForRollback(1);
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({ state: 'deployed', kind: 'rollback' });
    expect(scene.containers()).toEqual(both(id));
    expect((await scene.living()).map(({ spec }) => spec.command)).toEqual([
      ['/start', 'web'],
      ['/start', 'web'],
    ]);
    expect((await releases())[2]).toBe(before?.replace('v1 deploy', 'v3 rollback'));
  });

  it('does not wait for canaries', async () => {
    await scene.setWorker({ strategy: 'canary', canaryPauseSeconds: 1 });
    await deploy();
    await scene.setWorker({ strategy: 'rolling' });
    await deploy();
    const id = await scene.askForRollback(2);
    const begun = Date.now();
    await engine.look(scene.key);
    const { completedAt } = await scene.deploy(id);
    expect((await scene.deploy(id)).workers?.[0]?.policy.strategy).toBe('rolling');
    expect(Number(completedAt)).toBeGreaterThanOrEqual(begun);
  });

  it('to an image that is gone fails at once, says which, and touches nothing', async () => {
    const current = await deploy();
    for (const machine of scene.world.machines.values()) machine.images.clear();
    scene.world.registry.clear();
    const id = await scene.askForRollback(1);
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({ state: 'failed', outcome: 'image_gone' });
    expect((await scene.deploy(id)).failureReason).toMatch(/release v1: its image is gone.*manifest unknown/);
    expect(scene.containers()).toEqual(both(current));
  });
});

describe('canceling', () => {
  it('a running one puts back what was there, and says canceled only then', async () => {
    await scene.setWorker({ parallelism: 1 });
    const id = await scene.askForDeploy();
    scene.world.fateOf = ({ labels }) => (labels['io.jockey.slot'] === '2' ? { healthyAfter: null } : {});
    const pass = engine.look(scene.key);
    await eventually(
      'the first is exchanged',
      () => scene.containers().join() === `1 of deploy ${id},2 of deploy 1,2 of deploy ${id}`,
    );
    scene.world.fateOf = () => ({});
    await scene.dataSource.query('UPDATE deploys SET cancel_requested_at = now() WHERE id = $1', [id]);
    await engine.look(scene.key);
    await pass;
    expect(await scene.deploy(id)).toMatchObject({ state: 'failed', outcome: 'canceled' });
    expect(scene.containers()).toEqual(both('1'));
    expect(scene.registered()).toHaveLength(2);
  });

  it('one that never ran leaves nothing', async () => {
    const id = await scene.askForDeploy({ cancelRequestedAt: new Date() });
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({ state: 'failed', outcome: 'canceled' });
    expect(scene.containers()).toEqual(both('1'));
  });
});

describe('the queue', () => {
  it('runs only the newest, and says of the others what took their place', async () => {
    const running = await scene.askForDeploy();
    const [second, third] = [await scene.askForDeploy({ queued: true }), await scene.askForDeploy({ queued: true })];
    await engine.look(scene.key);
    expect(await scene.deploy(running)).toMatchObject({ state: 'stopped', outcome: 'succeeded' });
    expect(await scene.deploy(second)).toMatchObject({ state: 'failed', outcome: 'superseded' });
    expect((await scene.deploy(second)).failureReason).toContain(`deploy ${third}`);
    expect((await scene.deploy(third)).state).toBe('deployed');
  });

  it('runs all in order where the app says so', async () => {
    await scene.dataSource.query(`UPDATE apps SET deploy_queue = 'all_in_order'`);
    await scene.askForDeploy();
    const ids = [await scene.askForDeploy({ queued: true }), await scene.askForDeploy({ queued: true })];
    await engine.look(scene.key);
    const states = await Promise.all(ids.map(async (id) => (await scene.deploy(id)).state));
    expect(states).toEqual(['stopped', 'deployed']);
    expect(await releases()).toHaveLength(4);
  });

  it('keeps automatic ones out while there is a hold', async () => {
    await scene.dataSource.query(
      `INSERT INTO holds (app_id, environment_id, reason) VALUES ($1, $2, 'we look into it')`,
      [scene.key.appId, scene.key.environmentId],
    );
    const id = await scene.askForDeploy({ queued: true, automatic: true });
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({ state: 'failed', outcome: 'canceled' });
    expect((await scene.deploy(id)).failureReason).toContain('we look into it');
  });
});

describe('a deploy that another took the place of', () => {
  it('is cleared away slot by slot: what it gave traffic to serves until the next does', async () => {
    await scene.setWorker({ parallelism: 1 });
    const first = await scene.askForDeploy();
    scene.world.fateOf = ({ labels }) =>
      labels['io.jockey.slot'] === '2' && labels['io.jockey.deploy'] === first ? { healthyAfter: null } : {};
    const pass = engine.look(scene.key);
    await eventually('the first is exchanged', () => !scene.containers().includes('1 of deploy 1'));
    await scene.dataSource.query(`UPDATE deploys SET state = 'failed', outcome = 'superseded' WHERE id = $1`, [first]);
    const second = await scene.askForDeploy();
    let fewest = Infinity;
    scene.world.before = () => {
      fewest = Math.min(fewest, scene.registered().length);
    };
    await engine.look(scene.key);
    await pass;
    expect((await scene.deploy(second)).state).toBe('deployed');
    expect(scene.containers()).toEqual(both(second));
    expect(fewest).toBeGreaterThanOrEqual(2);
  });
});
