import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostPoolRow, type WorkerRow } from '../../src/store/entities/index.js';
import { EngineScene } from '../support/engine-scene.js';
import type { TestEngine } from '../support/test-engine.js';

/** What each of the three hosts has. */
const HOST_MB = 4096;

let scene: EngineScene;
let engine: TestEngine;

beforeEach(async () => {
  scene = await EngineScene.set(3);
  engine = await scene.engine();
});
afterEach(() => scene.stop());

/** The hosts of the scene as a pool; no engine scales it here, its hosts come when the test says so. */
async function putPool(given: Partial<HostPoolRow> = {}): Promise<void> {
  const { manager } = scene.dataSource;
  const [{ stackId } = { stackId: '' }] = await manager.query<{ stackId: string }[]>(
    'SELECT id AS "stackId" FROM stacks',
  );
  const group = { kind: 'auto_scaling_group', groupName: 'api-production', region: 'eu-central-1' } as const;
  const limits = { memoryMb: HOST_MB, cpus: 4, minHosts: 1, maxHosts: 5, desiredHosts: 3 };
  const place = { stackId, environmentId: scene.key.environmentId };
  await manager.save(manager.create(HostPoolRow, { ...place, ...group, ...limits, ...given }));
}

async function askForMore(change: Partial<WorkerRow>): Promise<string> {
  await scene.setWorker(change);
  return scene.askForDeploy();
}

describe('a deploy without a place', () => {
  it('waits for the hosts that make room, says so, and is deployed when they come', async () => {
    await putPool();
    const id = await askForMore({ scale: 4, memoryMb: 3000 });
    await engine.look(scene.key);
    const waiting = await scene.deploy(id);
    expect(waiting).toMatchObject({ state: 'created', outcome: null });
    expect(waiting.roomWantedSince).not.toBeNull();
    expect(waiting.roomWanted).toMatchObject([{ worker: 'web', each: { memoryMb: 3000 }, count: 4 }]);
    expect(await scene.story(id)).toMatch(
      /slot 4 cannot be placed.+Waiting for 1 more host of the pool of api in production/s,
    );
    expect(engine.sent).toContainEqual({ kind: 'host_pool', poolId: '1' });
    expect(await scene.living()).toEqual([]);
    scene.world.addHost('h4', { pools: ['api/production'] });
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({ state: 'deployed', roomWanted: null, roomWantedSince: null });
  });

  it('says it once, however often it looks', async () => {
    await putPool();
    const id = await askForMore({ scale: 4, memoryMb: 3000 });
    for (let look = 0; look < 3; look += 1) await engine.look(scene.key);
    expect((await scene.story(id)).match(/Waiting for/g)).toHaveLength(1);
  });

  it('fails at the deadline of its pool with both reasons', async () => {
    await putPool({ trouble: 'Group api-production cannot start hosts: VcpuLimitExceeded' });
    const id = await askForMore({ scale: 4, memoryMb: 3000 });
    await engine.look(scene.key);
    await scene.dataSource.query(`UPDATE deploys SET room_wanted_since = now() - interval '1 hour'`);
    await engine.look(scene.key);
    const { outcome, failureReason, roomWanted } = await scene.deploy(id);
    expect({ outcome, roomWanted }).toEqual({ outcome: 'not_placed', roomWanted: null });
    expect(failureReason).toContain('0 of 3 hosts fit');
    expect(failureReason).toMatch(/It waited 900 s for 1 more host.+did not come: Group.+VcpuLimitExceeded/);
  });

  it('ends when it is canceled meanwhile', async () => {
    await putPool();
    const id = await askForMore({ scale: 4, memoryMb: 3000 });
    await engine.look(scene.key);
    await scene.dataSource.query('UPDATE deploys SET cancel_requested_at = now()');
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({ state: 'failed', outcome: 'canceled', roomWanted: null });
  });

  it.each([
    {
      why: 'an instance is bigger than any host',
      pool: {},
      worker: { memoryMb: 5000 },
      reason: /needs 5000 MB.+an empty host of the pool.+has 4096 MB/,
    },
    {
      why: 'too many are wanted for the limit',
      pool: {},
      worker: { scale: 6, memoryMb: 4000 },
      reason: /may have at most 5 hosts/,
    },
    {
      why: 'the pool is full',
      pool: { maxHosts: 3 },
      worker: { scale: 4, memoryMb: 3000 },
      reason: /has 3 hosts, as many as it may have/,
    },
    {
      why: 'scaling is only advice',
      pool: { mode: 'advice' },
      worker: { scale: 4, memoryMb: 3000 },
      reason: /1 host more would make room.+by advice alone/,
    },
    {
      why: 'hosts come by hand',
      pool: { kind: 'static' },
      worker: { scale: 4, memoryMb: 3000 },
      reason: /1 host more would make room.+is static/,
    },
  ] as const)('fails at once where $why', async ({ pool, worker, reason }) => {
    await putPool(pool);
    const id = await askForMore({ ...worker });
    await engine.look(scene.key);
    const { outcome, failureReason, roomWantedSince } = await scene.deploy(id);
    expect({ outcome, roomWantedSince }).toEqual({ outcome: 'not_placed', roomWantedSince: null });
    expect(failureReason).toMatch(reason);
  });

  it('fails at once where all scaling is switched to advice', async () => {
    await putPool();
    await scene.dataSource.query(`UPDATE scaling_settings SET mode = 'advice'`);
    const id = await askForMore({ scale: 4, memoryMb: 3000 });
    await engine.look(scene.key);
    expect((await scene.deploy(id)).failureReason).toMatch(/by advice alone/);
  });

  it('is taken up by another engine where the first is killed', async () => {
    await putPool();
    const id = await askForMore({ scale: 4, memoryMb: 3000 });
    await engine.look(scene.key);
    await engine.kill();
    await scene.leasesRunOut();
    scene.world.addHost('h4', { pools: ['api/production'] });
    await (await scene.engine()).look(scene.key);
    expect((await scene.deploy(id)).state).toBe('deployed');
  });
});

describe('a worker that is scaled beyond the room', () => {
  it('has its pool looked at, and gets its instances when a host comes', async () => {
    await putPool();
    await askForMore({ scale: 3, memoryMb: 3000 });
    await engine.look(scene.key);
    await scene.scale(4);
    await engine.look(scene.key);
    expect(engine.sent).toContainEqual({ kind: 'host_pool', poolId: '1' });
    scene.world.addHost('h4', { pools: ['api/production'] });
    await engine.look(scene.key);
    expect(scene.containers()).toHaveLength(4);
  });
});
