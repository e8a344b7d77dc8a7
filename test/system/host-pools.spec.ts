import {
  DeleteAutoScalingGroupCommand,
  DescribeLifecycleHooksCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachCluster } from '../../tools/cluster/cluster.js';
import { startClusterMoto, type Moto } from '../../tools/cluster/moto.js';
import { type ClusterHaproxy, placeForRouter, startClusterHaproxy } from '../../tools/cluster/routers.js';
import { type CloudClients, clientsOf, groupNamed, machinesOf, makeGroup, REGION } from '../support/cloud.js';
import { eventually } from '../support/eventually.js';
import { MachineRoom } from '../support/machine-room.js';
import { askByName, SteadyClient } from './ask-by-name.js';
import { Jockey } from './jockey.js';

const GROUP = 'front-hosts';
const HOST_NAME = 'front.production.test';
/** A machine has room for six instances of the app. */
const MACHINE = { memoryMb: 1024, cpus: 2 };
const OFFER = { memory_mb: MACHINE.memoryMb, cpus: MACHINE.cpus };
const WEB = { memory_mb: 160, cpus: 0.05, drain_seconds: 3 };
/** In seconds: a machine is started and joins, and instances are moved, while others use the processors too. */
const PATIENCE = 180;

interface SeenPool {
  readonly id: string;
  readonly desired_hosts: number;
  readonly trouble: string | null;
  readonly hosts: readonly {
    readonly name: string | null;
    readonly machine: string | null;
    readonly state: string;
    readonly instances: number;
  }[];
}

let jockey: Jockey;
let moto: Moto;
let cloud: CloudClients;
let room: MachineRoom;
let haproxy: ClusterHaproxy;
let pool: string;

beforeAll(async () => {
  const cluster = await attachCluster(process.env['JOCKEY_TEST_CLUSTER'] ?? '');
  moto = await startClusterMoto(cluster);
  cloud = clientsOf(moto);
  const pools = ['jockey-api-production', 'jockey-build-development'];
  room = await MachineRoom.open(cluster, moto, { pools, ...MACHINE });
  const routing = { ROUTING_HOST: '{app}.{environment}.test' };
  jockey = await Jockey.start({ ...moto.env, ...routing, SCALING_INTERVAL_SECONDS: '1' });
});
afterAll(async () => {
  await haproxy?.stop();
  // Before the apps are taken away: that asks every host of the cluster.
  await room?.close();
  await jockey?.stop();
  await moto?.stop();
});

describe('a pool over a group that was made elsewhere', () => {
  it('adopts it, and has its machine as a host', async () => {
    await makeGroup(cloud, { name: GROUP, min: 1, max: 3, desired: 1 });
    const policy = { scale_in_after_seconds: 3600, cool_down_seconds: 0, head_room_percent: 0 };
    const place = { stack: 'api', environment: 'production', kind: 'auto_scaling_group', region: REGION };
    const answer = await jockey.client.post('/host_pools', {
      ...place,
      ...policy,
      ...OFFER,
      group_name: GROUP,
      adopt: true,
    });
    expect(answer.status, answer.text).toBe(201);
    pool = (answer.body.data as unknown as SeenPool).id;
    await registered(1);
    const { LifecycleHooks } = await cloud.scaling.send(
      new DescribeLifecycleHooksCommand({ AutoScalingGroupName: GROUP }),
    );
    expect(LifecycleHooks?.map(({ LifecycleTransition }) => LifecycleTransition)).toEqual([
      'autoscaling:EC2_INSTANCE_TERMINATING',
    ]);
  });

  it('brings a deploy that needs two more hosts to its end without help, and says what it waits for', async () => {
    await jockey.createApp('front', { ...WEB, scale: 13 });
    const id = await jockey.begin('front', 'main');
    await eventually(
      'the deploy says that it waits for room',
      async () => {
        const { body } = await jockey.client.get(`/deploys/${id}`);
        return (body.data as unknown as { waits_for_room: object | null }).waits_for_room !== null;
      },
      PATIENCE,
    );
    const deploy = await eventually('it settles', async () => settledOrNot(id), PATIENCE);
    expect(deploy, jockey.words).toMatchObject({ state: 'deployed' });
    expect(await groupNamed(cloud, GROUP)).toMatchObject({ DesiredCapacity: 3 });
    const { body } = await jockey.client.get(`/host_pools/${pool}/changes`);
    expect(body.data).toContainEqual(
      expect.objectContaining({ from_hosts: 1, to_hosts: 3, cause: 'demand', applied: true }),
    );
    expect((await seenPool()).hosts.map((host) => host.instances).sort()).toEqual([4, 4, 5]);
  });
});

describe('hosts leave under load, and no request fails', () => {
  let client: SteadyClient;

  beforeAll(async () => {
    const worker = await jockey.workerId('front', 'web');
    await jockey.client.put(`/workers/${worker}`, { scale: 3 });
    await eventually('three instances are left', async () => (await instances()) === 3, PATIENCE);
    haproxy = await startHaproxy();
    const answers = async () => (await askByName(haproxy.url, HOST_NAME)).status === 200;
    await eventually('HAProxy has the app', answers);
  });
  const underLoad = async (deed: () => Promise<void>): Promise<void> => {
    client = new SteadyClient(haproxy.url, HOST_NAME);
    const before = client.requests;
    await deed();
    await eventually('some more requests are answered', () => client.requests > before + 500, PATIENCE);
    await client.end();
    expect(client.faults.slice(0, 5)).toEqual([]);
  };

  it('when the pool is made smaller by two of its three hosts', async () => {
    expect((await seenPool()).hosts.filter(({ state }) => state === 'registered')).toHaveLength(3);
    await underLoad(async () => {
      await changePool({ desired_hosts: 1 });
      await registered(1);
      await eventually('one machine is left', async () => (await machinesOf(cloud, GROUP)).length === 1, PATIENCE);
    });
    expect(await groupNamed(cloud, GROUP)).toMatchObject({ DesiredCapacity: 1 });
    // Consul shows the node of a machine that is gone until it has missed it.
    await eventually('all three are on the host that is left', async () => {
      const { hosts } = await seenPool();
      return hosts.length === 1 && hosts[0]?.instances === 3;
    });
  });

  it('when somebody ends a machine past Jockey, which its hook holds until it is empty', async () => {
    await changePool({ desired_hosts: 2 });
    await registered(2);
    const full = await eventually('a host with instances', async () =>
      [...(await seenPool()).hosts]
        .sort((one, other) => other.instances - one.instances)
        .find(({ machine }) => machine),
    );
    await underLoad(async () => {
      const ended = { InstanceId: full.machine ?? '', ShouldDecrementDesiredCapacity: true };
      await cloud.scaling.send(new TerminateInstanceInAutoScalingGroupCommand(ended));
      const [state] = (await machinesOf(cloud, GROUP)).filter(({ InstanceId }) => InstanceId === full.machine);
      expect(state?.LifecycleState).toBe('Terminating:Wait');
      await eventually(
        'the machine is let go',
        async () => !(await machineIds()).includes(full.machine ?? ''),
        PATIENCE,
      );
    });
    await eventually('three instances', async () => (await instances()) === 3, PATIENCE);
    expect((await seenPool()).hosts.map(({ machine }) => machine)).not.toContain(full.machine);
  });
});

describe('what goes wrong', () => {
  it('a machine that never joins is replaced', async () => {
    const before = await machineIds();
    room.neverJoin(1);
    await changePool({ join_deadline_seconds: 30, desired_hosts: before.length + 1 });
    const [dead = ''] = await eventually('the dead one', () => (room.dead.length > 0 ? room.dead : false), PATIENCE);
    await eventually('it is gone', async () => !(await machineIds()).includes(dead), PATIENCE);
    await registered(before.length + 1);
    expect(await groupNamed(cloud, GROUP)).toMatchObject({ DesiredCapacity: before.length + 1 });
  });

  it('a group that is deleted by hand is said to be, and the pool is not forgotten', async () => {
    await removeApp();
    await cloud.scaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: GROUP, ForceDelete: true }));
    const { trouble } = await eventually('the trouble', async () => {
      const seen = await seenPool();
      return seen.trouble === null ? false : seen;
    });
    expect(trouble).toContain(GROUP);
    expect(await groupNamed(cloud, GROUP)).toBeUndefined();
  });
});

async function seenPool(): Promise<SeenPool> {
  return (await jockey.client.get(`/host_pools/${pool}`)).body.data as unknown as SeenPool;
}

/** Waits until the pool has exactly so many hosts, and each is one that takes part. */
async function registered(count: number): Promise<void> {
  let seen: SeenPool | null = null;
  const so = async (): Promise<boolean> => {
    seen = await seenPool();
    return seen.hosts.length === count && seen.hosts.every(({ state }) => state === 'registered');
  };
  await eventually(`the pool has ${count} hosts`, so, PATIENCE).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${JSON.stringify(seen, null, 1)}\n${jockey.words}`, { cause: error });
  });
}

async function changePool(change: object): Promise<void> {
  const answer = await jockey.client.put(`/host_pools/${pool}`, change);
  expect(answer.status, answer.text).toBe(200);
}

async function settledOrNot(id: string) {
  const deploy = await jockey.seen(id, 5);
  return ['created', 'building', 'deploying'].includes(deploy.state) ? false : deploy;
}

/** Healthy instances of the app, all others gone. */
async function instances(): Promise<number> {
  const seen = await jockey.registered('front-web');
  return seen.every(({ passing }) => passing) ? seen.length : -1;
}

async function machineIds(): Promise<readonly string[]> {
  return (await machinesOf(cloud, GROUP)).map(({ InstanceId }) => InstanceId ?? '');
}

/** While its hosts are there; those of the cluster that are off cannot be asked. */
async function removeApp(): Promise<void> {
  const deleted = async () => (await jockey.client.delete('/apps/front')).status !== 423;
  await eventually('the app may be deleted', deleted, PATIENCE);
  await eventually('nothing of it is left', async () => (await instances()) === 0, PATIENCE);
}

async function startHaproxy(): Promise<ClusterHaproxy> {
  const place = await placeForRouter(jockey.cluster);
  const query = `address=${place.address}&port=${place.port}&nameserver=${place.nameserver}`;
  const { text } = await jockey.client.get(`/routes/haproxy.cfg?${query}`);
  return startClusterHaproxy(jockey.cluster, place, text);
}
