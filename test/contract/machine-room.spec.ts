import { SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachCluster, type Cluster } from '../../tools/cluster/cluster.js';
import { startClusterMoto, type Moto } from '../../tools/cluster/moto.js';
import { clientsOf, machinesOf, makeGroup } from '../support/cloud.js';
import { eventually } from '../support/eventually.js';
import { MachineRoom } from '../support/machine-room.js';

const POOL = 'jockey-room-production';
const NAME = 'machine-room';

/** What the system tests of host pools stand on: a machine of the cloud in memory is a Docker host of the cluster. */
describe('the machine room', () => {
  let cluster: Cluster;
  let moto: Moto;
  let room: MachineRoom;

  const setDesired = (count: number) =>
    clientsOf(moto).scaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: NAME, DesiredCapacity: count }));
  const machines = async () =>
    (await machinesOf(clientsOf(moto), NAME)).map(({ InstanceId }) => InstanceId ?? '').sort();
  const nodes = async (service: string, passing = '') => {
    const answer = await fetch(
      `${cluster.env['CONSUL_HTTP_ADDR'] ?? ''}/v1/health/service/${service}${passing && '?passing=1'}`,
    );
    return (await answer.json()) as { Node: { Node: string }; Service: { Meta: Record<string, string> } }[];
  };
  const joined = async (count: number) => {
    const passing = await nodes(POOL, 'passing');
    return passing.length === count ? passing : false;
  };

  beforeAll(async () => {
    cluster = await attachCluster(process.env['JOCKEY_TEST_CLUSTER'] ?? '');
    moto = await startClusterMoto(cluster);
    room = await MachineRoom.open(cluster, moto, { pools: [POOL], memoryMb: 512, cpus: 2 });
  });
  afterAll(async () => {
    await room?.close();
    await moto?.stop();
  });

  it('starts a host for each machine, which says whose it is and what it has', async () => {
    expect(await nodes('jockey-api-production')).toEqual([]);
    await makeGroup(clientsOf(moto), { name: NAME, desired: 2 });
    const passing = await eventually('two hosts', () => joined(2), 90);
    expect(passing.map(({ Service }) => Service.Meta['machine']).sort()).toEqual(await machines());
    expect(passing.map(({ Node }) => Node.Node).sort()).toEqual(await machines());
    expect(passing[0]?.Service.Meta).toMatchObject({ memory_mb: '512', cpus: '2' });
  });

  it('ends the host of a machine that is gone, and Consul forgets it', async () => {
    await setDesired(1);
    const left = await eventually('one host', () => joined(1), 60);
    expect(left.map(({ Node }) => Node.Node)).toEqual(await machines());
    await eventually('Consul forgets the other', async () => (await nodes(POOL)).length === 1);
  });

  it('keeps a machine from ever joining when it is told to', async () => {
    room.neverJoin(1);
    await setDesired(3);
    await eventually('the third machine', () => joined(2), 90);
    expect(room.dead).toHaveLength(1);
    expect(room.living).toHaveLength(2);
  });

  it('makes the cluster what it was', async () => {
    await room.close();
    expect(await nodes(POOL)).toEqual([]);
    expect(await nodes('jockey-api-production', 'passing')).toHaveLength(cluster.hosts.length);
  });
});
