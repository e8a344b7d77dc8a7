import type { CreateAutoScalingGroupType, MixedInstancesPolicy, Tag } from '@aws-sdk/client-auto-scaling';
import type { LaunchSettings } from '../../domain/host-pool/host-pool.js';
import type { GroupRef, GroupWanted } from '../../ports/host-groups.js';
import { templateName } from './launch-template.js';

/** What makes a group: its new machines are protected, so that which one goes is Jockey's choice from the first on. */
export function creationOf(
  group: GroupRef,
  { min, max, desired, launch, tags }: GroupWanted,
): CreateAutoScalingGroupType {
  return {
    AutoScalingGroupName: group.name,
    MinSize: min,
    MaxSize: max,
    DesiredCapacity: desired,
    NewInstancesProtectedFromScaleIn: true,
    Tags: tagsOf(group, tags),
    ...launchOf(group, launch),
  };
}

/** Where and of what machines are launched: the newest version of the group's template, in the order of the kinds. */
export function launchOf(
  group: GroupRef,
  { instanceTypes, subnets }: LaunchSettings,
): { MixedInstancesPolicy: MixedInstancesPolicy; VPCZoneIdentifier: string } {
  return {
    VPCZoneIdentifier: subnets.join(','),
    MixedInstancesPolicy: {
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateName: templateName(group), Version: '$Latest' },
        Overrides: instanceTypes.map((InstanceType) => ({ InstanceType })),
      },
      InstancesDistribution: { OnDemandAllocationStrategy: 'prioritized', OnDemandPercentageAboveBaseCapacity: 100 },
    },
  };
}

/** Marks of a group, that its machines get too. */
export function tagsOf({ name }: GroupRef, tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({
    Key,
    Value,
    PropagateAtLaunch: true,
    ResourceId: name,
    ResourceType: 'auto-scaling-group',
  }));
}
