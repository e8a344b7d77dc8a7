import type { Activity, AutoScalingGroup, Instance, LifecycleHook } from '@aws-sdk/client-auto-scaling';
import type { Instance as Machine } from '@aws-sdk/client-ec2';
import type { GroupInstance, GroupSeen } from '../../ports/host-groups.js';

/** What is known of a group besides itself. */
export interface GroupFacts {
  readonly hooks: readonly LifecycleHook[];
  /** What EC2 says of its machines. */
  readonly machines: readonly Machine[];
  /** What it did of late, newest first. */
  readonly activities: readonly Activity[];
  /** Kinds of machine of its launch template or configuration; empty where the group says them itself. */
  readonly launchedTypes: readonly string[];
}

const TERMINATING = 'autoscaling:EC2_INSTANCE_TERMINATING';

/** A group as AWS describes it, in the words of the port. */
export function groupSeen(group: AutoScalingGroup, facts: GroupFacts): GroupSeen {
  const machines = new Map(facts.machines.map((each) => [each.InstanceId, each]));
  return {
    min: group.MinSize ?? 0,
    max: group.MaxSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    instances: (group.Instances ?? []).map((each) => instanceSeen(each, machines.get(each.InstanceId))),
    suspended: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []),
    terminationHooks: facts.hooks
      .filter(({ LifecycleTransition }) => LifecycleTransition === TERMINATING)
      .flatMap(({ LifecycleHookName }) => LifecycleHookName ?? []),
    protectsNew: group.NewInstancesProtectedFromScaleIn ?? false,
    instanceTypes: typesOf(group, facts.launchedTypes),
    tags: Object.fromEntries((group.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    lastFailure: lacks(group) ? failureIn(facts.activities) : null,
  };
}

/** Whether it has fewer machines than it desires: then what it last failed to do is of interest. */
export function lacks({ Instances = [], DesiredCapacity = 0 }: AutoScalingGroup): boolean {
  const serving = Instances.filter(({ LifecycleState }) => LifecycleState === 'InService');
  return serving.length < DesiredCapacity;
}

/** The kinds of machine that the group names itself, in its order. */
export function overridesOf(group: AutoScalingGroup): readonly string[] {
  const overrides = group.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  return overrides.flatMap(({ InstanceType }) => InstanceType ?? []);
}

function typesOf(group: AutoScalingGroup, launchedTypes: readonly string[]): readonly string[] {
  const running = (group.Instances ?? []).flatMap(({ InstanceType }) => InstanceType ?? []);
  const said = [overridesOf(group), launchedTypes, running].find((types) => types.length > 0) ?? [];
  return [...new Set(said)];
}

function instanceSeen(instance: Instance, machine: Machine | undefined): GroupInstance {
  return {
    id: instance.InstanceId ?? '',
    lifecycleState: instance.LifecycleState ?? 'Pending',
    healthy: instance.HealthStatus?.toLowerCase() !== 'unhealthy',
    protectedFromScaleIn: instance.ProtectedFromScaleIn ?? false,
    instanceType: instance.InstanceType ?? machine?.InstanceType ?? null,
    zone: instance.AvailabilityZone ?? null,
    address: machine?.PrivateIpAddress ?? null,
    launchedAt: machine?.LaunchTime?.getTime() ?? null,
  };
}

/** The newest thing that failed and was not done since; `Launching a new EC2 instance` begins with what is done. */
function failureIn(activities: readonly Activity[]): string | null {
  const done = new Set<string>();
  for (const { StatusCode, StatusMessage, Description = '' } of activities) {
    const deed = Description.split(' ')[0] ?? '';
    if (StatusCode === 'Successful') done.add(deed);
    if (StatusCode === 'Failed' && !done.has(deed)) return StatusMessage ?? Description;
  }
  return null;
}
