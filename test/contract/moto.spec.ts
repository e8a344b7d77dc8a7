import {
  CompleteLifecycleActionCommand,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeLifecycleHooksCommand,
  DescribeScalingActivitiesCommand,
  PutLifecycleHookCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetDesiredCapacityCommand,
  SetInstanceHealthCommand,
  SetInstanceProtectionCommand,
  StartInstanceRefreshCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attachCluster } from '../../tools/cluster/cluster.js';
import { startClusterMoto, type Moto } from '../../tools/cluster/moto.js';
import { clientsOf, groupNamed, machinesOf, makeGroup, REGION, type CloudClients } from '../support/cloud.js';
import { eventually } from '../support/eventually.js';

const NAME = 'moto-web';
const HOOK = 'moto-drain';

/** What Jockey's tests take the cloud to do, by Amazon's own SDK; most of it is added to moto by `tools/moto`. */
describe('the cloud in memory', () => {
  let moto: Moto;
  let cloud: CloudClients;

  beforeAll(async () => {
    moto = await startClusterMoto(await attachCluster(process.env['JOCKEY_TEST_CLUSTER'] ?? ''));
    cloud = clientsOf(moto);
  });
  beforeEach(() => moto.reset());
  afterAll(() => moto.stop());

  const group = { AutoScalingGroupName: NAME };
  const states = async () => (await machinesOf(cloud, NAME)).map((machine) => machine.LifecycleState);
  const ids = async () => (await machinesOf(cloud, NAME)).map((machine) => machine.InstanceId ?? '');
  const putHook = () =>
    cloud.scaling.send(
      new PutLifecycleHookCommand({
        ...group,
        LifecycleHookName: HOOK,
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
        HeartbeatTimeout: 60,
        DefaultResult: 'CONTINUE',
      }),
    );
  const setDesired = (count: number) =>
    cloud.scaling.send(new SetDesiredCapacityCommand({ ...group, DesiredCapacity: count }));
  const terminate = (instance: string, smaller: boolean) =>
    cloud.scaling.send(
      new TerminateInstanceInAutoScalingGroupCommand({
        InstanceId: instance,
        ShouldDecrementDesiredCapacity: smaller,
      }),
    );
  const complete = (instance: string) =>
    cloud.scaling.send(
      new CompleteLifecycleActionCommand({
        ...group,
        LifecycleHookName: HOOK,
        InstanceId: instance,
        LifecycleActionResult: 'CONTINUE',
      }),
    );
  /** A group of so many machines with a hook, and one of them that the hook holds. */
  const heldOne = async (machines: number): Promise<string> => {
    await makeGroup(cloud, { name: NAME, desired: machines });
    await putHook();
    const [first = ''] = await ids();
    await terminate(first, true);
    return first;
  };

  it('describes a group as the SDK reads it', async () => {
    await makeGroup(cloud, { name: NAME, min: 1, max: 5, desired: 2, protectsNew: true });
    const seen = await groupNamed(cloud, NAME);
    expect(seen).toMatchObject({ MinSize: 1, MaxSize: 5, DesiredCapacity: 2, NewInstancesProtectedFromScaleIn: true });
    expect(seen?.CreatedTime).toBeInstanceOf(Date);
    expect(seen?.Instances).toHaveLength(2);
    expect(seen?.Instances?.[0]).toMatchObject({
      LifecycleState: 'InService',
      HealthStatus: 'Healthy',
      InstanceType: 'm5.large',
      ProtectedFromScaleIn: true,
    });
  });

  it('tells address and start of a machine, and takes an address that it is given', async () => {
    await makeGroup(cloud, { name: NAME, desired: 1 });
    const [instance = ''] = await ids();
    await moto.place({ region: REGION, instance }, '10.88.0.11');
    const { Reservations } = await cloud.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
    const machine = Reservations?.[0]?.Instances?.[0];
    expect(machine?.PrivateIpAddress).toBe('10.88.0.11');
    expect(machine?.LaunchTime).toBeInstanceOf(Date);
    expect(machine?.Tags).toContainEqual({ Key: 'aws:autoscaling:groupName', Value: NAME });
  });

  it('says what a kind of machine has', async () => {
    const { InstanceTypes } = await cloud.ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['m5.large'] }));
    expect(InstanceTypes?.[0]?.MemoryInfo?.SizeInMiB).toBe(8192);
    expect(InstanceTypes?.[0]?.VCpuInfo?.DefaultVCpus).toBe(2);
  });

  it('does not know a group that is not there, in every call that names one', async () => {
    expect(await groupNamed(cloud, NAME)).toBeUndefined();
    for (const call of [
      () => setDesired(1),
      () => cloud.scaling.send(new UpdateAutoScalingGroupCommand({ ...group, MinSize: 1 })),
      () => cloud.scaling.send(new DescribeLifecycleHooksCommand(group)),
      () => cloud.scaling.send(new DescribeScalingActivitiesCommand(group)),
      () => complete('i-0123456789abcdef0'),
      putHook,
    ])
      await expect(call()).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringContaining('AutoScalingGroup name not found') as string,
      });
    await expect(terminate('i-0123456789abcdef0', true)).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(cloud.scaling.send(new StartInstanceRefreshCommand(group))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('refuses a group of a name that is taken, limits that cross, and a count outside them', async () => {
    await makeGroup(cloud, { name: NAME, min: 1, max: 3, desired: 2 });
    const again = new CreateAutoScalingGroupCommand({
      ...group,
      MinSize: 0,
      MaxSize: 1,
      AvailabilityZones: [`${REGION}a`],
      LaunchTemplate: { LaunchTemplateName: NAME },
    });
    await expect(cloud.scaling.send(again)).rejects.toMatchObject({ name: 'AlreadyExistsFault' });
    await expect(setDesired(4)).rejects.toMatchObject({ name: 'ValidationError' });
    const crossed = new UpdateAutoScalingGroupCommand({ ...group, MinSize: 5 });
    await expect(cloud.scaling.send(crossed)).rejects.toMatchObject({ name: 'ValidationError' });
    expect(await groupNamed(cloud, NAME)).toMatchObject({ MinSize: 1, MaxSize: 3, DesiredCapacity: 2 });
  });

  it('lets limits take the count along', async () => {
    await makeGroup(cloud, { name: NAME, min: 0, max: 5, desired: 2 });
    await cloud.scaling.send(new UpdateAutoScalingGroupCommand({ ...group, MinSize: 3 }));
    expect(await groupNamed(cloud, NAME)).toMatchObject({ DesiredCapacity: 3 });
    expect(await ids()).toHaveLength(3);
  });

  it('starts machines in their time', async () => {
    await moto.settings({ launch_seconds: 0.5 });
    await makeGroup(cloud, { name: NAME, desired: 1 });
    expect(await states()).toEqual(['Pending']);
    await eventually('the machine to be left alone in service', async () => (await states()).join() === 'InService');
  });

  it('has no more machines than there are, and says so in its activities', async () => {
    await moto.settings({ capacity: 1 });
    await makeGroup(cloud, { name: NAME, desired: 2 });
    expect(await ids()).toHaveLength(1);
    const { Activities } = await cloud.scaling.send(new DescribeScalingActivitiesCommand(group));
    expect(Activities?.[0]).toMatchObject({ StatusCode: 'Failed', AutoScalingGroupName: NAME });
    expect(Activities?.[0]?.StatusMessage).toContain('do not have sufficient m5.large capacity');
    await moto.settings({ capacity: null });
    await eventually('the second machine', async () => (await ids()).length === 2);
  });

  it('gives activities by pages, the newest first', async () => {
    await makeGroup(cloud, { name: NAME, desired: 3 });
    const first = await cloud.scaling.send(new DescribeScalingActivitiesCommand({ ...group, MaxRecords: 2 }));
    const rest = new DescribeScalingActivitiesCommand({ ...group, MaxRecords: 2, NextToken: first.NextToken });
    expect(first.Activities).toHaveLength(2);
    expect((await cloud.scaling.send(rest)).Activities).toHaveLength(1);
  });

  it('takes out what is not protected, when the count goes down', async () => {
    await makeGroup(cloud, { name: NAME, desired: 3 });
    const [first = '', second = '', third = ''] = await ids();
    const both = { ...group, InstanceIds: [first, third], ProtectedFromScaleIn: true };
    await cloud.scaling.send(new SetInstanceProtectionCommand(both));
    await setDesired(1);
    expect(await ids()).toEqual([first, third]);
    expect(await groupNamed(cloud, NAME)).toMatchObject({ DesiredCapacity: 1 });
    const { Reservations } = await cloud.ec2.send(new DescribeInstancesCommand({ InstanceIds: [second] }));
    expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe('terminated');
  });

  it('ends the machine that one chooses, protected or not, and makes the group smaller only if asked', async () => {
    await makeGroup(cloud, { name: NAME, min: 1, desired: 2, protectsNew: true });
    const [first = '', second = ''] = await ids();
    await terminate(second, true);
    expect(await ids()).toEqual([first]);
    await expect(terminate(first, true)).rejects.toMatchObject({ name: 'ValidationError' });
    await terminate(first, false);
    const left = await ids();
    expect(left).toHaveLength(1);
    expect(left).not.toContain(first);
  });

  it('holds a machine that is to go until its hook is completed, and counts it no more', async () => {
    const held = await heldOne(2);
    expect(await states()).toEqual(['Terminating:Wait', 'InService']);
    expect(await groupNamed(cloud, NAME)).toMatchObject({ DesiredCapacity: 1 });
    await terminate(held, true);
    expect(await groupNamed(cloud, NAME)).toMatchObject({ DesiredCapacity: 1 });
    await complete(held);
    expect(await states()).toEqual(['InService']);
    await expect(complete(held)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('No active Lifecycle Action found') as string,
    });
  });

  it('starts a machine for one that is held and to be replaced', async () => {
    await makeGroup(cloud, { name: NAME, desired: 1 });
    await putHook();
    const [first = ''] = await ids();
    await terminate(first, false);
    expect(await states()).toEqual(['Terminating:Wait', 'InService']);
  });

  it('holds a machine as long as there are heartbeats, and lets it go when they end', async () => {
    await moto.settings({ heartbeat_seconds: 4 });
    const held = await heldOne(2);
    const beat = new RecordLifecycleActionHeartbeatCommand({
      ...group,
      LifecycleHookName: HOOK,
      InstanceId: held,
    });
    for (const until = Date.now() + 6000; Date.now() < until; await new Promise((done) => setTimeout(done, 200)))
      await cloud.scaling.send(beat);
    expect(await states()).toEqual(['Terminating:Wait', 'InService']);
    await eventually('the machine to be left alone in service', async () => (await states()).join() === 'InService');
  });

  it('keeps what is not said when a hook is put again', async () => {
    await makeGroup(cloud, { name: NAME, desired: 0 });
    await putHook();
    await cloud.scaling.send(new PutLifecycleHookCommand({ ...group, LifecycleHookName: HOOK, HeartbeatTimeout: 90 }));
    const { LifecycleHooks } = await cloud.scaling.send(new DescribeLifecycleHooksCommand(group));
    expect(LifecycleHooks).toHaveLength(1);
    expect(LifecycleHooks?.[0]).toMatchObject({
      LifecycleHookName: HOOK,
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      HeartbeatTimeout: 90,
      DefaultResult: 'CONTINUE',
    });
  });

  it.each(['by its health', 'by a hand past the group'])('replaces a machine that is lost %s', async (way) => {
    await makeGroup(cloud, { name: NAME, desired: 2 });
    await putHook();
    const [lost = ''] = await ids();
    if (way === 'by its health')
      await cloud.scaling.send(new SetInstanceHealthCommand({ InstanceId: lost, HealthStatus: 'Unhealthy' }));
    else await cloud.ec2.send(new TerminateInstancesCommand({ InstanceIds: [lost] }));
    expect(await states()).toEqual(['Terminating:Wait', 'InService', 'InService']);
    await complete(lost);
    expect(await ids()).toHaveLength(2);
  });

  it('starts nothing while launching is suspended', async () => {
    await makeGroup(cloud, { name: NAME, desired: 1 });
    await cloud.scaling.send(new SuspendProcessesCommand({ ...group, ScalingProcesses: ['Launch'] }));
    await setDesired(2);
    expect(await ids()).toHaveLength(1);
    expect((await groupNamed(cloud, NAME))?.SuspendedProcesses?.[0]).toMatchObject({ ProcessName: 'Launch' });
  });

  it('deletes a group that has machines by force alone, past every hook', async () => {
    await heldOne(2);
    const gently = new DeleteAutoScalingGroupCommand(group);
    await expect(cloud.scaling.send(gently)).rejects.toMatchObject({ name: 'ResourceInUseFault' });
    await cloud.scaling.send(new DeleteAutoScalingGroupCommand({ ...group, ForceDelete: true }));
    expect(await groupNamed(cloud, NAME)).toBeUndefined();
  });

  it('starts machines of the first kind of a mixed policy, and takes over another policy', async () => {
    const policy = (name: string, kind: string) => ({
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateName: name, Version: '$Latest' },
        Overrides: [{ InstanceType: kind }, { InstanceType: 'm4.large' }],
      },
    });
    for (const name of ['moto-one', 'moto-two'])
      await cloud.ec2.send(
        new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData: { ImageId: 'ami-12c6146b' } }),
      );
    await cloud.scaling.send(
      new CreateAutoScalingGroupCommand({
        ...group,
        MinSize: 1,
        MaxSize: 3,
        AvailabilityZones: [`${REGION}a`],
        MixedInstancesPolicy: policy('moto-one', 'm5.large'),
      }),
    );
    const changed = { ...group, MixedInstancesPolicy: policy('moto-two', 'c5.large'), DesiredCapacity: 2 };
    await cloud.scaling.send(new UpdateAutoScalingGroupCommand(changed));
    expect((await machinesOf(cloud, NAME)).map((machine) => machine.InstanceType)).toEqual(['m5.large', 'c5.large']);
    expect((await groupNamed(cloud, NAME))?.MixedInstancesPolicy).toMatchObject(policy('moto-two', 'c5.large'));
  });

  it.each([
    { kind: 'throttle', scaling: 'Throttling', ec2: 'RequestLimitExceeded', words: 'Rate exceeded' },
    { kind: 'deny', scaling: 'AccessDenied', ec2: 'UnauthorizedOperation', words: 'autoscaling:DescribeAuto' },
    { kind: 'expire', scaling: 'ExpiredToken', ec2: 'RequestExpired', words: 'expired' },
  ] as const)('fails calls on demand: $kind', async ({ kind, scaling: name, ec2, words }) => {
    await moto.fault({ action: '*', kind, times: 2 });
    const message = expect.stringContaining(words) as string;
    await expect(groupNamed(cloud, NAME)).rejects.toMatchObject({ name, message });
    await expect(cloud.ec2.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: ec2 });
    expect(await groupNamed(cloud, NAME)).toBeUndefined();
  });

  it('fails calls in the words of the test until it is mended, and no others', async () => {
    await makeGroup(cloud, { name: NAME, desired: 0 });
    const message = 'Instance limit exceeded';
    await moto.fault({ action: 'SetDesiredCapacity', kind: 'refuse', code: 'LimitExceeded', message });
    await expect(setDesired(1)).rejects.toMatchObject({ name: 'LimitExceededFault', message });
    expect(await groupNamed(cloud, NAME)).toMatchObject({ DesiredCapacity: 0 });
    await clientsOf(moto, 'onlooker').scaling.send(new SetDesiredCapacityCommand({ ...group, DesiredCapacity: 2 }));
    await moto.mend();
    await setDesired(1);
    expect((await moto.calls()).filter(({ action }) => action === 'SetDesiredCapacity')).toHaveLength(2);
  });

  it('tells hooks and what is announced for machines to a queue, as EventBridge does', async () => {
    const { QueueUrl } = await cloud.sqs.send(new CreateQueueCommand({ QueueName: 'moto-events' }));
    await moto.settings({ events_queue: { region: REGION, name: 'moto-events' } });
    const held = await heldOne(1);
    await moto.notice('spot_interruption', { region: REGION, instance: held });
    await moto.notice('rebalance', { region: REGION, instance: held });
    const received: unknown[] = [];
    await eventually('three messages', async () => {
      const { Messages } = await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      received.push(...(Messages ?? []).map(({ Body }) => JSON.parse(Body ?? '') as unknown));
      return received.length >= 3;
    });
    const instance = { 'instance-id': held };
    const told = (type: string, detail: object): unknown =>
      expect.objectContaining({
        'detail-type': type,
        region: REGION,
        detail: expect.objectContaining(detail) as unknown,
      });
    expect(received).toEqual(
      expect.arrayContaining([
        told('EC2 Instance-terminate Lifecycle Action', {
          EC2InstanceId: held,
          LifecycleHookName: HOOK,
          AutoScalingGroupName: NAME,
        }),
        told('EC2 Spot Instance Interruption Warning', instance),
        told('EC2 Instance Rebalance Recommendation', instance),
      ]),
    );
  });
});
