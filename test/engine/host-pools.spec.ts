import { afterEach, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/domain/kernel/errors.js';
import { DeployRow, RunRow } from '../../src/store/entities/index.js';
import { GROUP_FAULTS } from '../fakes/fake-host-groups.js';
import { PoolScene } from '../support/pool-scene.js';
import type { TestEngine } from '../support/test-engine.js';

let scene: PoolScene;
let engine: TestEngine;
afterEach(() => scene.stop());

/** A pool of hosts on which an app runs. */
async function running(hosts = 3, scale = 6): Promise<void> {
  scene = await PoolScene.set(hosts, scale);
  engine = await scene.scene.engine();
  await engine.lookAtPool(scene.poolId);
  await scene.scene.askForDeploy();
  await engine.look(scene.scene.key);
}

/** The fewest entries in Consul at any question to the world from now on. */
function watchFewest(): () => number {
  let fewest = Infinity;
  scene.scene.world.before = () => {
    fewest = Math.min(fewest, scene.scene.registered().length);
  };
  return () => fewest;
}

describe('hosts that join', () => {
  it('are written down, and their group is fitted so that who leaves is Jockey’s choice', async () => {
    await running();
    expect((await scene.rows()).map(({ host, instanceId }) => `${host} ${instanceId}`)).toEqual(
      ['n1', 'n2', 'n3'].map((name) => `${name} ${scene.machineOf(name)}`),
    );
    expect([...scene.group.hooks.keys()]).toEqual(['jockey-drain']);
    expect(scene.group.tags).toMatchObject({ 'jockey:stack': 'api', 'jockey:environment': 'production' });
    expect(scene.group.instances.every(({ protectedFromScaleIn }) => protectedFromScaleIn)).toBe(true);
    expect(await scene.pool()).toMatchObject({ trouble: null });
  });

  it('are used at once and filled to their fair share, a few instances at a time', async () => {
    await running(2);
    expect(await scene.spread()).toEqual({ n1: 3, n2: 3 });
    const fewest = watchFewest();
    await scene.scene.dataSource.query('UPDATE host_pools SET desired_hosts = 3');
    scene.scene.world.groups.resize(scene.group.ref.name, 3);
    await scene.lookAtAll(engine);
    expect(await scene.spread()).toEqual({ n1: 2, n2: 2, n3: 2 });
    expect(fewest()).toBe(6);
  });

  it('are not changed again by a look at what is well', async () => {
    await running();
    const before = scene.asked().length;
    const rows = JSON.stringify(await scene.rows());
    await scene.lookAtAll(engine);
    expect(scene.asked().slice(before)).toEqual([]);
    expect(JSON.stringify(await scene.rows())).toBe(rows);
  });
});

describe('a host that leaves because fewer are needed', () => {
  it('is emptied first, without a gap, and then ended once, with a smaller group', async () => {
    await running();
    const machine = scene.machineOf('n2');
    await scene.scaleIn('n2');
    const fewest = watchFewest();
    await engine.lookAtPool(scene.poolId);
    expect(scene.group.instances).toHaveLength(3);
    await scene.lookAtAll(engine);
    expect(await scene.spread()).toEqual({ n1: 3, n3: 3 });
    expect(fewest()).toBe(6);
    expect(scene.group).toMatchObject({ desired: 2 });
    expect(scene.group.instances.map(({ id }) => id)).not.toContain(machine);
    expect(scene.asked().filter((each) => each.includes(machine) && !each.startsWith('protect'))).toEqual([
      `terminate ${machine}`,
      `release ${machine}`,
    ]);
    expect(await scene.row('n2')).toMatchObject({ leavingCause: 'scale_in', goneAt: expect.any(Date) as Date });
  });

  it('stays when somebody lets it take instances again, and one more host is wanted', async () => {
    await running();
    await scene.scaleIn('n2');
    await scene.scene.setHost('n2', { cordoned: false, reason: null, drainRequestedAt: null });
    await scene.lookAtAll(engine);
    expect(await scene.row('n2')).toMatchObject({ leavingSince: null, goneAt: null });
    expect(scene.group.instances).toHaveLength(3);
    expect(await scene.pool()).toMatchObject({ desiredHosts: 3 });
    const changes = await scene.scene.dataSource.query<{ cause: string }[]>(
      'SELECT cause FROM capacity_changes ORDER BY id',
    );
    expect(changes.at(-1)).toEqual({ cause: 'operator' });
  });
});

describe('a machine that its group ends', () => {
  it('is held until what runs there runs elsewhere, with signs of life, and then let go', async () => {
    await running();
    const machine = scene.machineOf('n1');
    const fewest = watchFewest();
    scene.scene.world.groups.fail(scene.group.ref.name, machine);
    await engine.lookAtPool(scene.poolId);
    expect(scene.group.instances.find(({ id }) => id === machine)?.lifecycleState).toBe('Terminating:Wait');
    expect(scene.asked().at(-1)).toBe(`heartbeat ${machine}`);
    expect(await scene.row('n1')).toMatchObject({ leavingCause: 'unhealthy', releasedAt: null });
    await scene.lookAtAll(engine);
    expect(fewest()).toBe(6);
    expect(scene.group.instances.map(({ id }) => id)).not.toContain(machine);
    expect(scene.group).toMatchObject({ desired: 3 });
    expect(Object.keys(await scene.spread()).sort()).toEqual(['n2', 'n3', 'n4']);
  });

  it('is held until a command that is run there once is over', async () => {
    await running();
    const { manager } = scene.scene.dataSource;
    const { id: deployId } = await manager.findOneByOrFail(DeployRow, scene.scene.key);
    const command = { kind: 'one_off', command: ['sh'], timeLimitSeconds: 60, state: 'running', host: 'n1' } as const;
    const { id } = await manager.save(manager.create(RunRow, { ...scene.scene.key, ...command, deployId }));
    const machine = scene.machineOf('n1');
    scene.scene.world.groups.fail(scene.group.ref.name, machine);
    await scene.lookAtAll(engine);
    expect(Object.keys(await scene.spread()).sort()).not.toContain('n1');
    expect(scene.group.instances.map(({ id }) => id)).toContain(machine);
    await manager.update(RunRow, { id }, { state: 'exited' });
    await scene.lookAtAll(engine);
    expect(scene.group.instances.map(({ id }) => id)).not.toContain(machine);
  });

  it('because somebody made it smaller, even right after Jockey changed it, is not replaced', async () => {
    await running();
    const machine = scene.machineOf('n1');
    await scene.scene.dataSource.query('UPDATE host_pools SET scaled_at = now()');
    await scene.scene.world.groups.terminate(scene.group.ref, machine, true);
    await scene.lookAtAll(engine);
    expect(await scene.pool()).toMatchObject({ desiredHosts: 2, toldHosts: 2 });
    expect(scene.group.instances.map(({ id }) => id)).toEqual(['n2', 'n3'].map((name) => scene.machineOf(name)));
    const [change] = await scene.scene.dataSource.query<object[]>('SELECT * FROM capacity_changes ORDER BY id DESC');
    expect(change).toMatchObject({ cause: 'group', from_hosts: 3, to_hosts: 2 });
  });

  it('is let go after its time, emptied or not', async () => {
    await running(1, 2);
    scene.scene.world.groups.groups.get('eu-central-1/jockey-api-production')!.cannotLaunch = 'no capacity';
    const machine = scene.machineOf('n1');
    scene.scene.world.groups.fail(scene.group.ref.name, machine);
    await scene.lookAtAll(engine);
    expect(scene.group.instances.map(({ id }) => id)).toContain(machine);
    await scene.scene.dataSource.query(`UPDATE pool_hosts SET leaving_since = now() - interval '1 hour'`);
    await engine.lookAtPool(scene.poolId);
    expect(scene.asked()).toContain(`release ${machine}`);
    expect(scene.group.instances).toEqual([]);
  });

  it('and that dies before it is emptied is replaced without a grace, as is what ran there', async () => {
    await running();
    const machine = scene.machineOf('n1');
    scene.scene.world.groups.fail(scene.group.ref.name, machine);
    await engine.lookAtPool(scene.poolId);
    scene.scene.world.groups.timeOut(scene.group.ref.name, machine);
    await scene.lookAtAll(engine);
    expect((await scene.row('n1')).goneAt).not.toBeNull();
    const spread = await scene.spread();
    expect(Object.keys(spread).sort()).toEqual(['n2', 'n3', 'n4']);
    expect(await scene.scene.living()).toHaveLength(6);
    expect(scene.scene.registered()).toHaveLength(6);
  });
});

describe('a machine that never joins', () => {
  it('is replaced after its time, and one after the other', async () => {
    await running(1, 2);
    scene.mute.add('all');
    await scene.scene.dataSource.query('UPDATE host_pools SET desired_hosts = 3, told_hosts = 3, min_hosts = 3');
    scene.scene.world.groups.resize(scene.group.ref.name, 3);
    await engine.lookAtPool(scene.poolId);
    const before = scene.group.instances.map(({ id }) => id);
    expect(before).toHaveLength(3);
    await scene.scene.dataSource.query(
      `UPDATE pool_hosts SET launched_at = now() - interval '1 hour' WHERE joined_at IS NULL`,
    );
    scene.mute.clear();
    await engine.lookAtPool(scene.poolId);
    const ended = scene.asked().filter((each) => each.startsWith('terminate'));
    expect(ended).toEqual(before.slice(1).map((machine) => `terminate ${machine}`));
    expect(scene.group).toMatchObject({ desired: 3 });
    const rows = await scene.rows();
    expect(rows.filter(({ leavingCause }) => leavingCause === 'never_joined')).toHaveLength(2);
    expect(rows.filter(({ goneAt, host }) => goneAt === null && host !== null)).toHaveLength(3);
  });
});

describe('a group that cannot be looked at', () => {
  it('because somebody deleted it, is a trouble in words, and nothing is forgotten', async () => {
    await running();
    scene.scene.world.groups.onGone = () => undefined;
    scene.scene.world.groups.delete(scene.group.ref.name);
    await engine.lookAtPool(scene.poolId);
    expect((await scene.pool()).trouble).toMatch(/^Group jockey-api-production is not there any more in eu-central-1/);
    expect((await scene.rows()).every(({ goneAt, leavingSince }) => goneAt === null && leavingSince === null)).toBe(
      true,
    );
    expect(await scene.scene.living()).toHaveLength(6);
    const told = await scene.scene.dataSource.query<{ kind: string }[]>(
      `SELECT kind FROM events WHERE subject = 'host_pool' ORDER BY id`,
    );
    expect(told.at(-1)).toEqual({ kind: 'host_pool.trouble' });
  });

  it.each([
    ['throttled', GROUP_FAULTS.throttled()],
    ['expired', GROUP_FAULTS.expired()],
    ['denied', GROUP_FAULTS.denied('autoscaling:DescribeAutoScalingGroups')],
  ])('is asked less often, and well again without help: %s', async (_name, fault: DomainError) => {
    await running();
    const { groups } = scene.scene.world;
    groups.before = () => {
      throw fault;
    };
    await engine.lookAtPool(scene.poolId);
    expect((await scene.pool()).trouble).toBe(fault.message);
    const asked = groups.calls.length;
    await engine.lookAtPool(scene.poolId);
    expect(groups.calls).toHaveLength(asked);
    groups.before = () => undefined;
    const next = await scene.scene.engine();
    await next.lookAtPool(scene.poolId);
    expect(await scene.pool()).toMatchObject({ trouble: null });
  });

  it('because it is another Jockey’s, stands still', async () => {
    await running();
    scene.group.tags['jockey:installation'] = 'another';
    await scene.scaleIn('n1');
    const before = scene.asked().length;
    await scene.lookAtAll(engine);
    expect(scene.asked().slice(before)).toEqual([]);
    expect((await scene.pool()).trouble).toMatch(/another Jockey/);
  });
});

describe('a right that is missing for one thing', () => {
  it('is named, and hinders nothing else', async () => {
    await running();
    const machine = scene.machineOf('n2');
    await scene.scaleIn('n2');
    scene.scene.world.groups.before = ({ method }) => {
      if (method === 'terminate') throw GROUP_FAULTS.denied('autoscaling:TerminateInstanceInAutoScalingGroup');
    };
    await scene.lookAtAll(engine);
    expect((await scene.pool()).trouble).toMatch(/autoscaling:TerminateInstanceInAutoScalingGroup/);
    expect((await scene.row('n2')).trouble).toMatch(/autoscaling:TerminateInstanceInAutoScalingGroup/);
    expect(await scene.spread()).toEqual({ n1: 3, n3: 3 });
    scene.scene.world.groups.before = () => undefined;
    await scene.lookAtAll(engine, 1);
    expect(scene.group.instances.map(({ id }) => id)).not.toContain(machine);
  });
});
