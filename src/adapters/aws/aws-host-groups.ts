import type { Activity, AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Resources } from '../../domain/host/host.js';
import type { LaunchSettings } from '../../domain/host-pool/host-pool.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type {
  GroupChange,
  GroupFitting,
  GroupRef,
  GroupSeen,
  GroupWanted,
  HeldInstance,
  HostGroups,
} from '../../ports/host-groups.js';
import type { AwsClients } from './aws-clients.js';
import { AwsMachines, chunksOf } from './aws-machines.js';
import { creationOf, launchOf, tagsOf } from './group-input.js';
import { groupSeen, lacks } from './group-view.js';
import { putTemplate, removeTemplate, templateData } from './launch-template.js';

/** Most machines of one call: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceProtection.html. */
const PROTECTED_AT_ONCE = 50;

/** How many of a group's last deeds are looked at for one that failed. */
const ACTIVITIES = 20;

/** Status of a group that is being deleted: it is as good as gone. */
const DELETING = /^delete/i;

/** {@link HostGroups} by EC2 Auto Scaling: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/. */
export class AwsHostGroups implements HostGroups {
  private readonly machines: AwsMachines;

  constructor(private readonly clients: AwsClients) {
    this.machines = new AwsMachines(clients);
  }

  async read(ref: GroupRef): Promise<GroupSeen | null> {
    const group = await this.find(ref);
    return group === null ? null : unlessGone(() => this.describe(ref, group), null);
  }

  async create(ref: GroupRef, wanted: GroupWanted): Promise<void> {
    if ((await this.described(ref)) !== null)
      throw new DomainError('conflict', `There is an Auto Scaling Group ${ref.name} in ${ref.region}: adopt it.`);
    const ec2 = await this.clients.ec2(ref.region);
    const isNew = await putTemplate(ec2, ref, templateData(ref, wanted.launch, wanted.userData));
    const client = await this.clients.autoScaling(ref.region);
    try {
      await client.createAutoScalingGroup(creationOf(ref, wanted));
    } catch (error) {
      if (isNew) await removeTemplate(ec2, ref).catch(() => undefined);
      throw error;
    }
  }

  async fit(ref: GroupRef, { hook, heartbeatSeconds, tags }: GroupFitting): Promise<void> {
    const client = await this.clients.autoScaling(ref.region);
    await client.putLifecycleHook({
      AutoScalingGroupName: ref.name,
      LifecycleHookName: hook,
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      HeartbeatTimeout: heartbeatSeconds,
      DefaultResult: 'CONTINUE',
    });
    await client.updateAutoScalingGroup({ AutoScalingGroupName: ref.name, NewInstancesProtectedFromScaleIn: true });
    if (Object.keys(tags).length > 0) await client.createOrUpdateTags({ Tags: tagsOf(ref, tags) });
  }

  async update(ref: GroupRef, { min, max, desired }: GroupChange): Promise<void> {
    const client = await this.clients.autoScaling(ref.region);
    await client.updateAutoScalingGroup({
      AutoScalingGroupName: ref.name,
      MinSize: min,
      MaxSize: max,
      DesiredCapacity: desired,
    });
  }

  async relaunch(ref: GroupRef, launch: LaunchSettings, userData: string): Promise<void> {
    if ((await this.find(ref)) === null)
      throw new DomainError('not_found', `There is no Auto Scaling Group ${ref.name} in ${ref.region}.`);
    await putTemplate(await this.clients.ec2(ref.region), ref, templateData(ref, launch, userData));
    const client = await this.clients.autoScaling(ref.region);
    await client.updateAutoScalingGroup({ AutoScalingGroupName: ref.name, ...launchOf(ref, launch) });
  }

  async remove(ref: GroupRef): Promise<void> {
    const client = await this.clients.autoScaling(ref.region);
    if ((await this.find(ref)) !== null)
      await unlessGone(
        () => client.deleteAutoScalingGroup({ AutoScalingGroupName: ref.name, ForceDelete: true }),
        null,
      );
    await removeTemplate(await this.clients.ec2(ref.region), ref);
  }

  async protect(ref: GroupRef, instances: readonly string[], isProtected: boolean): Promise<void> {
    const client = await this.clients.autoScaling(ref.region);
    for (const some of chunksOf(instances, PROTECTED_AT_ONCE))
      await client.setInstanceProtection({
        AutoScalingGroupName: ref.name,
        InstanceIds: some,
        ProtectedFromScaleIn: isProtected,
      });
  }

  async terminate(ref: GroupRef, instance: string, smaller: boolean): Promise<void> {
    const client = await this.clients.autoScaling(ref.region);
    const { AutoScalingInstances: [seen] = [] } = await client.describeAutoScalingInstances({
      InstanceIds: [instance],
    });
    if (seen === undefined || seen.LifecycleState?.startsWith('Terminat') === true) return;
    if (seen.AutoScalingGroupName !== ref.name)
      throw new DomainError(
        'conflict',
        `The machine ${instance} is of the group ${seen.AutoScalingGroupName}, not ${ref.name}.`,
      );
    const input = { InstanceId: instance, ShouldDecrementDesiredCapacity: smaller };
    await unlessGone(() => client.terminateInstanceInAutoScalingGroup(input), null);
  }

  async heartbeat(ref: GroupRef, { hook, instance }: HeldInstance): Promise<void> {
    const client = await this.clients.autoScaling(ref.region);
    await client.recordLifecycleActionHeartbeat({
      AutoScalingGroupName: ref.name,
      LifecycleHookName: hook,
      InstanceId: instance,
    });
  }

  async release(ref: GroupRef, { hook, instance }: HeldInstance): Promise<void> {
    const client = await this.clients.autoScaling(ref.region);
    const input = {
      AutoScalingGroupName: ref.name,
      LifecycleHookName: hook,
      InstanceId: instance,
      LifecycleActionResult: 'CONTINUE',
    };
    await unlessGone(() => client.completeLifecycleAction(input), null);
  }

  offerOf(region: string, instanceTypes: readonly string[]): Promise<Resources | null> {
    return this.machines.smallestOf(region, instanceTypes);
  }

  private async describe(ref: GroupRef, group: AutoScalingGroup): Promise<GroupSeen> {
    const client = await this.clients.autoScaling(ref.region);
    const ids = (group.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []);
    const [{ LifecycleHooks: hooks = [] }, machines, activities, launchedTypes] = await Promise.all([
      client.describeLifecycleHooks({ AutoScalingGroupName: ref.name }),
      this.machines.ofIds(ref.region, ids),
      lacks(group) ? this.activitiesOf(ref) : [],
      this.machines.launchedTypes(ref.region, group),
    ]);
    return groupSeen(group, { hooks, machines, activities, launchedTypes });
  }

  private async activitiesOf(ref: GroupRef): Promise<Activity[]> {
    const client = await this.clients.autoScaling(ref.region);
    const input = { AutoScalingGroupName: ref.name, MaxRecords: ACTIVITIES };
    return (await client.describeScalingActivities(input)).Activities ?? [];
  }

  /** The group, unless it is being deleted. */
  private async find(ref: GroupRef): Promise<AutoScalingGroup | null> {
    const group = await this.described(ref);
    return DELETING.test(group?.Status ?? '') ? null : group;
  }

  private async described({ region, name }: GroupRef): Promise<AutoScalingGroup | null> {
    const client = await this.clients.autoScaling(region);
    const { AutoScalingGroups: [group] = [] } = await client.describeAutoScalingGroups({
      AutoScalingGroupNames: [name],
    });
    return group ?? null;
  }
}

/** The answer, or the other one where what was asked about is gone. */
async function unlessGone<T, U>(ask: () => Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'not_found') return otherwise;
    throw error;
  }
}
