import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CapacityChangeRow,
  EventRow,
  HostPoolRow,
  PoolHostRow,
  PoolSampleRow,
  ScalingSettingsRow,
} from '../../src/store/entities/index.js';
import { GROUP_FAULTS, type FakeGroup } from '../fakes/fake-host-groups.js';
import { EngineScene } from '../support/engine-scene.js';
import type { TestEngine } from '../support/test-engine.js';

const REF = { region: 'eu-central-1', name: 'api-production' };
/** What each host of the group has. */
const HOST = { memoryMb: 4096, cpus: 4 };
const PATIENCE = 60_000;

let scene: EngineScene;
let engine: TestEngine;
let group: FakeGroup;

beforeEach(async () => {
  scene = await EngineScene.set(1);
  for (const name of ['h1', 'h2', 'h3']) scene.world.machines.delete(name);
  const { groups } = scene.world;
  groups.onInService = (_group, { id }) => void scene.world.addHost(id, { pools: ['api/production'], resources: HOST });
  groups.onGone = (_group, { id }) => void scene.world.machines.delete(id);
  group = groups.add(REF, { max: 6, protectsNew: true });
  engine = await scene.engine();
});
afterEach(() => scene.stop());

/** The group as a pool with so many hosts that joined. */
async function putPool(hosts: number, given: Partial<HostPoolRow> = {}): Promise<void> {
  const { manager } = scene.dataSource;
  const [{ stackId } = { stackId: '' }] = await manager.query<{ stackId: string }[]>(
    'SELECT id AS "stackId" FROM stacks',
  );
  const place = { stackId, environmentId: scene.key.environmentId };
  const limits = { minHosts: 1, maxHosts: 5, desiredHosts: hosts, headRoomPercent: 0 };
  const offer = { memoryMb: HOST.memoryMb, cpus: HOST.cpus };
  const patience = { scaleInAfterSeconds: 0, coolDownSeconds: 0 };
  const of = { kind: 'auto_scaling_group', groupName: REF.name, region: REF.region } as const;
  await manager.save(manager.create(HostPoolRow, { ...place, ...of, ...limits, ...offer, ...patience, ...given }));
  scene.world.groups.resize(REF.name, hosts);
  await engine.lookAtPool('1');
}

const pool = () => scene.dataSource.manager.findOneByOrFail(HostPoolRow, { id: '1' });
const changes = () => scene.dataSource.manager.find(CapacityChangeRow, { order: { id: 'ASC' } });
const leaving = async () =>
  (await scene.dataSource.manager.find(PoolHostRow)).filter((row) => row.leavingSince !== null && row.goneAt === null);
const updates = () => scene.world.groups.calls.filter(({ method }) => method === 'update');

async function deployWebs(scale: number, memoryMb: number): Promise<string> {
  await scene.setWorker({ scale, memoryMb });
  const id = await scene.askForDeploy();
  await engine.look(scene.key);
  return id;
}

describe('a pool that is scaled', () => {
  it(
    'gets the hosts that a deploy waits for, and the deploy ends by itself',
    async () => {
      await putPool(1);
      const id = await deployWebs(3, 3000);
      expect((await scene.deploy(id)).state).toBe('created');
      await engine.lookAtPool('1');
      expect(group.desired).toBe(3);
      expect(await pool()).toMatchObject({ desiredHosts: 3, toldHosts: 3, trouble: null });
      const [change] = await changes();
      expect(change).toMatchObject({ fromHosts: 1, toHosts: 3, cause: 'demand', applied: true, requestedBy: null });
      expect(change?.reason).toMatch(/2 instances .+ have no room on 1 host: 2 hosts more/);
      await engine.look(scene.key);
      expect((await scene.deploy(id)).state).toBe('deployed');
      const [event] = await scene.dataSource.manager.findBy(EventRow, { kind: 'host_pool.scaled' });
      expect(event?.data).toMatchObject({ stack: 'api', from_hosts: 1, to_hosts: 3, cause: 'demand' });
    },
    PATIENCE,
  );

  it('grows for a worker that is scaled beyond its room', async () => {
    await putPool(1);
    await deployWebs(1, 3000);
    await scene.scale(2);
    await engine.look(scene.key);
    await engine.lookAtPool('1');
    expect(group.desired).toBe(2);
    await engine.look(scene.key);
    expect(scene.containers()).toHaveLength(2);
  });

  it(
    'lets the cheapest host to empty go when fewer are enough, and never the last that is needed',
    async () => {
      await putPool(3, { minHosts: 3 });
      await deployWebs(1, 3000);
      await scene.dataSource.manager.update(HostPoolRow, { id: '1' }, { minHosts: 1 });
      const used = (await scene.living()).map(({ host }) => host);
      for (let look = 0; look < 4; look += 1) await engine.lookAtPool('1');
      expect(group.instances.map(({ id }) => id)).toEqual(used);
      expect(group.desired).toBe(1);
      expect((await changes()).map(({ cause, toHosts }) => `${cause} ${toHosts}`)).toEqual(['surplus 2', 'surplus 1']);
    },
    PATIENCE,
  );

  it('takes a scale-in back when a deploy needs the host', async () => {
    await putPool(2, { minHosts: 2 });
    await deployWebs(1, 3000);
    await scene.dataSource.manager.update(HostPoolRow, { id: '1' }, { minHosts: 1 });
    scene.world.groups.before = ({ method }) => {
      if (method === 'terminate') throw GROUP_FAULTS.throttled();
    };
    await engine.lookAtPool('1');
    const [gone] = await leaving();
    expect(gone).toMatchObject({ leavingCause: 'scale_in' });
    const id = await deployWebs(2, 3000);
    expect((await scene.deploy(id)).state).toBe('created');
    await engine.lookAtPool('1');
    expect(await leaving()).toEqual([]);
    expect(group.instances.map((each) => each.id)).toContain(gone?.instanceId);
    await engine.look(scene.key);
    expect((await scene.deploy(id)).state).toBe('deployed');
  });

  it(
    'counts what moves once while hosts are emptied for a count that just fits',
    async () => {
      await putPool(3, { scaleInAfterSeconds: 3600 });
      await deployWebs(3, 1300);
      await scene.dataSource.manager.update(HostPoolRow, { id: '1' }, { desiredHosts: 1 });
      scene.world.before = async ({ method }) => {
        if (method === 'docker.start') await engine.lookAtPool('1');
      };
      for (let look = 0; look < 4; look += 1) {
        await engine.lookAtPool('1');
        await engine.look(scene.key);
      }
      expect(await changes()).toEqual([]);
      expect(group).toMatchObject({ desired: 1, instances: [{ lifecycleState: 'InService' }] });
      expect((await scene.living()).map(({ host }) => host)).toEqual(Array(3).fill(group.instances[0]?.id));
    },
    PATIENCE,
  );

  it('only says what it would do where it is told to advise, and writes each advice down once', async () => {
    await putPool(1);
    await scene.dataSource.manager.update(ScalingSettingsRow, { id: 1 }, { mode: 'advice' });
    await deployWebs(1, 3000);
    await scene.scale(3);
    await engine.look(scene.key);
    for (let look = 0; look < 3; look += 1) await engine.lookAtPool('1');
    expect(group.desired).toBe(1);
    expect(updates()).toEqual([]);
    expect((await pool()).advice).toMatchObject({ desired: 3 });
    expect(await changes()).toMatchObject([{ fromHosts: 1, toHosts: 3, applied: false }]);
    expect(await scene.dataSource.manager.countBy(EventRow, { kind: 'host_pool.scaled' })).toBe(0);
  });

  it('takes over the count that somebody gave the group, within its limits', async () => {
    await putPool(2, { scaleInAfterSeconds: 3600 });
    await engine.lookAtPool('1');
    scene.world.groups.resize(REF.name, 4);
    await engine.lookAtPool('1');
    expect(await pool()).toMatchObject({ desiredHosts: 4 });
    expect(await changes()).toMatchObject([{ fromHosts: 2, toHosts: 4, cause: 'group', applied: true }]);
  });

  it('has the group give a machine back that somebody took away and that is needed', async () => {
    await putPool(2, { scaleInAfterSeconds: 3600 });
    await deployWebs(2, 3000);
    await scene.world.groups.terminate(REF, group.instances[0]?.id ?? '', true);
    await engine.lookAtPool('1');
    expect((await changes()).map(({ cause, toHosts }) => `${cause} ${toHosts}`)).toEqual(['group 1', 'demand 2']);
    expect(group.desired).toBe(2);
    expect(group.instances).toHaveLength(3);
  });

  it.each([
    ['throttled', GROUP_FAULTS.throttled, /Throttling/],
    [
      'not allowed',
      () => GROUP_FAULTS.denied('autoscaling:UpdateAutoScalingGroup'),
      /autoscaling:UpdateAutoScalingGroup/,
    ],
  ])('says what stands in its way while it is %s, and goes on when it can', async (_why, fault, words) => {
    await putPool(1);
    await deployWebs(2, 3000);
    scene.world.groups.before = ({ method }) => {
      if (method === 'update') throw fault();
    };
    await engine.lookAtPool('1');
    expect((await pool()).trouble).toMatch(words);
    expect(await scene.dataSource.manager.countBy(EventRow, { kind: 'host_pool.trouble' })).toBe(1);
    expect((await pool()).desiredHosts).toBe(2);
    scene.world.groups.before = () => undefined;
    await engine.lookAtPool('1');
    expect(group.desired).toBe(2);
    expect((await pool()).trouble).toBeNull();
    expect(await changes()).toHaveLength(1);
  });

  it('says why the group has no machine to give', async () => {
    await putPool(1);
    group.cannotLaunch = 'You have requested more vCPU capacity than your current limit allows.';
    await deployWebs(2, 3000);
    await engine.lookAtPool('1');
    await engine.lookAtPool('1');
    expect((await pool()).trouble).toMatch(/has 1 of 2 machines.+more vCPU capacity/);
  });

  it('never has more hosts than it may', async () => {
    await putPool(1, { maxHosts: 2 });
    await deployWebs(1, 3000);
    await scene.scale(4);
    await engine.look(scene.key);
    await engine.lookAtPool('1');
    expect(group.desired).toBe(2);
    expect((await pool()).advice?.reason).toMatch(/2/);
  });

  it('keeps a sample of how full it is, one a minute', async () => {
    await putPool(2, { minHosts: 2 });
    await scene.dataSource.query('TRUNCATE pool_samples');
    await deployWebs(1, 3000);
    await engine.lookAtPool('1');
    await engine.lookAtPool('1');
    const samples = await scene.dataSource.manager.find(PoolSampleRow);
    expect(samples.length).toBeLessThanOrEqual(2);
    expect(samples[0]).toMatchObject({ hosts: 2, memoryMb: 8192, reservedMemoryMb: 3000, instances: 1, waiting: 0 });
  });

  it('is scaled once by two engines that look at the same time', async () => {
    await putPool(1);
    await deployWebs(3, 3000);
    const other = await scene.engine();
    await Promise.all([engine.lookAtPool('1'), other.lookAtPool('1')]);
    expect(await changes()).toHaveLength(1);
    expect(group.desired).toBe(3);
  });
});

describe('a static pool', () => {
  it('counts its hosts and advises', async () => {
    for (const name of ['s1', 's2']) scene.world.addHost(name, { pools: ['api/production'], resources: HOST });
    await putPool(0, { kind: 'static', groupName: null, region: null, minHosts: 2 });
    await deployWebs(2, 3000);
    await scene.scale(3);
    await engine.look(scene.key);
    await engine.lookAtPool('1');
    expect(await pool()).toMatchObject({ desiredHosts: 2, advice: { desired: 3 } });
    expect(await changes()).toMatchObject([{ applied: false, fromHosts: 2, toHosts: 3 }]);
  });
});
