import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { DeleteAutoScalingGroupCommand, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsClients } from '../../src/adapters/aws/aws-clients.js';
import { AwsHostGroups } from '../../src/adapters/aws/aws-host-groups.js';
import type { LaunchSettings } from '../../src/domain/host-pool/host-pool.js';
import type { GroupRef, GroupWanted } from '../../src/ports/host-groups.js';
import { attachCluster } from '../../tools/cluster/cluster.js';
import { type Moto, startClusterMoto } from '../../tools/cluster/moto.js';
import { FakeHostGroups, GROUP_FAULTS } from '../fakes/fake-host-groups.js';
import { type CloudClients, clientsOf, groupNamed, IMAGE, makeGroup, REGION } from '../support/cloud.js';
import { freshName } from './cluster.js';
import { hostGroupsContract, type HostGroupsSetUp } from './host-groups.contract.js';

const LAUNCH: LaunchSettings = {
  imageId: IMAGE,
  instanceTypes: ['t3.large', 'm5.large'],
  subnets: ['subnet-1', 'subnet-2'],
  securityGroups: [],
  instanceProfile: null,
  keyName: null,
};

hostGroupsContract('the fake', async () => {
  const groups = new FakeHostGroups();
  const setUp: HostGroupsSetUp = {
    groups,
    region: REGION,
    launch: LAUNCH,
    makeByHand: async (ref, desired) => void groups.add(ref, { desired }),
    resizeByHand: async ({ name }, desired) => groups.resize(name, desired),
    deleteByHand: async ({ name }) => groups.delete(name),
    setStock: async (count) => groups.setStock(count),
    trouble: async (kind, action) => {
      const fault = { throttle: GROUP_FAULTS.throttled, expire: GROUP_FAULTS.expired, deny: GROUP_FAULTS.denied };
      groups.before = ({ group }) => {
        throw fault[kind](`autoscaling:${action}`, group);
      };
    },
    mend: async () => void (groups.before = () => undefined),
    close: async () => undefined,
  };
  return setUp;
});

let moto: Moto;
let cloud: CloudClients;
let launch: LaunchSettings;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  moto = await startClusterMoto(await attachCluster(process.env['JOCKEY_TEST_CLUSTER'] ?? ''));
  cloud = clientsOf(moto);
  const { Subnets = [] } = await cloud.ec2.send(new DescribeSubnetsCommand({}));
  launch = { ...LAUNCH, subnets: Subnets.flatMap(({ SubnetId }) => SubnetId ?? []).slice(0, 2) };
});
afterAll(async () => {
  await moto?.stop();
  vi.unstubAllEnvs();
});

hostGroupsContract('AWS', async () => {
  const clients = new AwsClients(moto.url);
  return {
    groups: new AwsHostGroups(clients),
    region: REGION,
    launch,
    makeByHand: ({ name }, desired) => makeGroup(cloud, { name, desired }),
    resizeByHand: async ({ name }, desired) => {
      await cloud.scaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: desired }));
    },
    deleteByHand: async ({ name }) => {
      await cloud.scaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }));
    },
    setStock: (capacity) => moto.settings({ capacity }),
    trouble: (kind, action) => moto.fault({ kind, action }),
    mend: () => moto.mend(),
    close: () => clients.onModuleDestroy(),
  };
});

describe('AWS besides', () => {
  let clients: AwsClients;
  let groups: AwsHostGroups;
  let ref: GroupRef;

  beforeAll(() => {
    clients = new AwsClients(moto.url);
    groups = new AwsHostGroups(clients);
  });
  beforeEach(() => {
    ref = { region: REGION, name: freshName('besides') };
  });
  afterEach(async () => {
    await moto.mend();
    await groups.remove(ref);
  });
  afterAll(() => clients.onModuleDestroy());

  const wanted = (change: Partial<GroupWanted> = {}): GroupWanted => ({
    min: 0,
    max: 3,
    desired: 0,
    launch,
    userData: '#cloud-config\n',
    tags: {},
    ...change,
  });

  const templates = async () => {
    const Filters = [{ Name: 'launch-template-name', Values: [`jockey-${ref.name}`] }];
    return (await cloud.ec2.send(new DescribeLaunchTemplatesCommand({ Filters }))).LaunchTemplates ?? [];
  };

  /** What the newest version of the group's template says. */
  const template = async () => {
    const input = { LaunchTemplateName: `jockey-${ref.name}`, Versions: ['$Latest'] };
    const answer = await cloud.ec2.send(new DescribeLaunchTemplateVersionsCommand(input));
    return answer.LaunchTemplateVersions?.[0]?.LaunchTemplateData;
  };

  const userData = async () => Buffer.from((await template())?.UserData ?? '', 'base64');

  it('starts machines from a template with user data, whose metadata no container reads', async () => {
    await groups.create(ref, wanted({ launch: { ...launch, keyName: 'ops', instanceProfile: 'jockey-host' } }));
    expect((await userData()).toString()).toBe('#cloud-config\n');
    expect(await template()).toMatchObject({
      ImageId: IMAGE,
      InstanceType: 't3.large',
      KeyName: 'ops',
      IamInstanceProfile: { Name: 'jockey-host' },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    });
    const group = await groupNamed(cloud, ref.name);
    expect(group?.VPCZoneIdentifier).toBe(launch.subnets.join(','));
    expect(group?.MixedInstancesPolicy?.LaunchTemplate).toMatchObject({
      LaunchTemplateSpecification: { LaunchTemplateName: `jockey-${ref.name}`, Version: '$Latest' },
      Overrides: [{ InstanceType: 't3.large' }, { InstanceType: 'm5.large' }],
    });
  });

  it('writes a new version of the template for other settings, also for a group that had another', async () => {
    await groups.create(ref, wanted());
    await groups.relaunch(ref, launch, '#cloud-config\n# second\n');
    expect((await userData()).toString()).toContain('# second');
    expect((await templates())[0]?.LatestVersionNumber).toBe(2);
    await groups.remove(ref);
    await makeGroup(cloud, { name: ref.name, desired: 0 });
    await groups.relaunch(ref, launch, '#cloud-config\n# adopted\n');
    expect((await userData()).toString()).toContain('# adopted');
    expect((await groupNamed(cloud, ref.name))?.MixedInstancesPolicy).toBeDefined();
  });

  it('compresses user data that is too long, and refuses what is too long even so', async () => {
    const long = `#cloud-config\n${'# again and again\n'.repeat(2_000)}`;
    await groups.create(ref, wanted({ userData: long }));
    expect(gunzipSync(await userData()).toString()).toBe(long);
    const noise = randomBytes(20_000).toString('hex');
    await expect(groups.relaunch(ref, launch, noise)).rejects.toThrow(/user data of a host has \d+ bytes.*16384/);
  });

  it('leaves no template of a group that could not be made, and none of one that is removed', async () => {
    await moto.fault({ action: 'CreateAutoScalingGroup', kind: 'deny' });
    await expect(groups.create(ref, wanted())).rejects.toThrow(/lacks the right autoscaling:CreateAutoScalingGroup/);
    expect(await templates()).toEqual([]);
    await moto.mend();
    await groups.create(ref, wanted());
    expect(await templates()).toHaveLength(1);
    await groups.remove(ref);
    expect(await templates()).toEqual([]);
  });

  it('leaves a template of the same name alone that is somebody else’s', async () => {
    const LaunchTemplateName = `jockey-${ref.name}`;
    await cloud.ec2.send(
      new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: { ImageId: IMAGE } }),
    );
    await groups.remove(ref);
    expect(await templates()).toHaveLength(1);
  });

  it('asks again by itself when it is told to ask less often, and gives up after some tries', async () => {
    await groups.create(ref, wanted());
    await moto.fault({ action: 'UpdateAutoScalingGroup', kind: 'throttle', times: 2 });
    await groups.update(ref, { max: 5 });
    expect((await groups.read(ref))?.max).toBe(5);
    await moto.fault({ action: 'UpdateAutoScalingGroup', kind: 'throttle' });
    const before = (await moto.calls()).length;
    await expect(groups.update(ref, { max: 6 })).rejects.toMatchObject({ code: 'unavailable' });
    expect((await moto.calls()).length - before).toBe(4);
  });

  it('says that a limit of the account is reached', async () => {
    const message = 'You have reached your limit of 200 groups.';
    await moto.fault({ action: 'CreateAutoScalingGroup', kind: 'refuse', code: 'LimitExceeded', message });
    const error = groups.create(ref, wanted());
    await expect(error).rejects.toMatchObject({ code: 'unprocessable_entity' });
    await expect(error).rejects.toThrow(/limit of the AWS account.*limit of 200 groups/);
  });

  it('names the right of EC2 that is missing while a group is read', async () => {
    await makeGroup(cloud, { name: ref.name, desired: 1 });
    await moto.fault({ action: 'DescribeInstances', kind: 'deny', service: 'ec2' });
    await expect(groups.read(ref)).rejects.toThrow(/Jockey lacks the right ec2:DescribeInstances/);
  });

  it('knows more machines than one question can name', async () => {
    await makeGroup(cloud, { name: ref.name, desired: 230, max: 300 });
    const seen = await groups.read(ref);
    expect(seen?.instances.filter(({ address }) => address !== null)).toHaveLength(230);
    const ids = seen?.instances.map(({ id }) => id) ?? [];
    await groups.protect(ref, ids, true);
    const after = await groups.read(ref);
    expect(after?.instances.every(({ protectedFromScaleIn }) => protectedFromScaleIn)).toBe(true);
  });

  it('says that nothing answers, and which action it was', async () => {
    const silent = new AwsClients('http://127.0.0.1:9');
    const error = new AwsHostGroups(silent).read(ref);
    await expect(error).rejects.toMatchObject({ code: 'unavailable' });
    await expect(error).rejects.toThrow(`autoscaling:DescribeAutoScalingGroups of the Auto Scaling Group ${ref.name}`);
    await silent.onModuleDestroy();
  });
});
