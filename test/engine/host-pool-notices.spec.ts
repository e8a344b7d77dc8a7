import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { GROUP, PoolScene } from '../support/pool-scene.js';

let scene: PoolScene;
afterEach(() => scene.stop());

/** In seconds. */
const PATIENCE = 60;
const LIMIT = { timeout: 120_000 };

const isGone = (machine: string) => !scene.group.instances.some(({ id }) => id === machine);
const sorted = (counts: Record<string, number>) => JSON.stringify(Object.fromEntries(Object.entries(counts).sort()));

/** A pool on which an app runs, and an engine that looks by itself. */
async function watched(variables: Readonly<Record<string, string>> = {}): Promise<void> {
  scene = await PoolScene.set(3, 3);
  const first = await scene.scene.engine();
  await first.lookAtPool(scene.poolId);
  await scene.scene.askForDeploy();
  await first.look(scene.scene.key);
  await first.stop();
  await scene.scene.watchingEngine({ SCALING_INTERVAL_SECONDS: '600', ...variables });
}

describe('a notice', () => {
  it('that a machine is taken back empties it at once, and another comes in its place', LIMIT, async () => {
    await watched();
    const instance = scene.machineOf('n2');
    scene.scene.world.notices.send({ kind: 'spot_interruption', region: GROUP.region, instance, group: null });
    await eventually('its machine is gone', () => isGone(instance), PATIENCE);
    const even = JSON.stringify({ n1: 1, n3: 1, n4: 1 });
    await eventually('its instance runs on the new host', async () => sorted(await scene.spread()) === even, PATIENCE);
    expect(await scene.row('n2')).toMatchObject({ leavingCause: 'spot_interruption' });
    expect(scene.group).toMatchObject({ desired: 3 });
  });

  it('of a recommendation is only told where nothing is done by itself', LIMIT, async () => {
    await watched();
    await scene.scene.dataSource.query(`UPDATE host_pools SET mode = 'advice'`);
    const { notices } = scene.scene.world;
    const instance = scene.machineOf('n2');
    notices.send({ kind: 'rebalance', region: GROUP.region, instance, group: GROUP.name });
    await eventually('the notice is handled', () => notices.handled.length === 1, PATIENCE);
    expect(await scene.row('n2')).toMatchObject({ leavingSince: null });
    await scene.scene.dataSource.query(`UPDATE host_pools SET mode = 'automatic'`);
    notices.send({ kind: 'rebalance', region: GROUP.region, instance, group: GROUP.name });
    await eventually('its machine is gone', () => isGone(instance), PATIENCE);
    expect(await scene.row('n2')).toMatchObject({ leavingCause: 'rebalance' });
  });

  it('of a machine that is nobody’s is taken, and changes nothing', LIMIT, async () => {
    await watched();
    const { notices } = scene.scene.world;
    const before = scene.asked().length;
    notices.send({ kind: 'spot_interruption', region: GROUP.region, instance: 'i-0badc0ffee', group: null });
    notices.send({ kind: 'terminating', region: 'us-east-1', instance: 'i-0badc0ffee', group: 'somebody-elses' });
    await eventually('the notices are handled', () => notices.handled.length === 2, PATIENCE);
    expect(notices.rejections).toEqual([]);
    expect(scene.asked().slice(before)).toEqual([]);
  });
});
