import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { type GroupFacts, groupSeen } from './group-view.js';

const GROUP: AutoScalingGroup = {
  AutoScalingGroupName: 'web',
  MinSize: 1,
  MaxSize: 4,
  DesiredCapacity: 2,
  DefaultCooldown: 0,
  AvailabilityZones: [],
  HealthCheckType: 'EC2',
  CreatedTime: new Date(0),
  Instances: [
    {
      InstanceId: 'i-1',
      InstanceType: 'm5.large',
      AvailabilityZone: 'eu-central-1a',
      LifecycleState: 'InService',
      HealthStatus: 'UNHEALTHY',
      ProtectedFromScaleIn: true,
    },
  ],
  SuspendedProcesses: [{ ProcessName: 'Launch' }],
  Tags: [{ Key: 'owner', Value: 'ann' }],
};

const FACTS: GroupFacts = { hooks: [], machines: [], activities: [], launchedTypes: [] };

const activity = (StatusCode: 'Successful' | 'Failed' | 'InProgress', Description: string, StatusMessage = '') => ({
  ActivityId: '1',
  AutoScalingGroupName: 'web',
  Cause: '',
  StartTime: new Date(0),
  StatusCode,
  StatusMessage,
  Description,
});

describe('a group as seen', () => {
  it('has the limits, marks and machines that AWS tells, and what EC2 knows of these', () => {
    const machines = [{ InstanceId: 'i-1', PrivateIpAddress: '10.0.0.7', LaunchTime: new Date(5_000) }];
    const hooks = [
      { LifecycleHookName: 'jockey-drain', LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING' },
      { LifecycleHookName: 'boot', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' },
    ];
    expect(groupSeen(GROUP, { ...FACTS, machines, hooks })).toEqual({
      min: 1,
      max: 4,
      desired: 2,
      instances: [
        {
          id: 'i-1',
          lifecycleState: 'InService',
          healthy: false,
          protectedFromScaleIn: true,
          instanceType: 'm5.large',
          zone: 'eu-central-1a',
          address: '10.0.0.7',
          launchedAt: 5_000,
        },
      ],
      suspended: ['Launch'],
      terminationHooks: ['jockey-drain'],
      protectsNew: false,
      instanceTypes: ['m5.large'],
      tags: { owner: 'ann' },
      lastFailure: null,
    });
  });

  it('knows nothing of a machine that EC2 does not know yet', () => {
    expect(groupSeen(GROUP, FACTS).instances[0]).toMatchObject({ address: null, launchedAt: null });
  });

  it('is of the kinds that it names, else of its template, else of its machines', () => {
    const Overrides = [{ InstanceType: 't3.large' }, { InstanceType: 't3.xlarge' }];
    const mixed = { ...GROUP, MixedInstancesPolicy: { LaunchTemplate: { Overrides } } };
    const facts = { ...FACTS, launchedTypes: ['c5.large'] };
    expect(groupSeen(mixed, facts).instanceTypes).toEqual(['t3.large', 't3.xlarge']);
    expect(groupSeen(GROUP, facts).instanceTypes).toEqual(['c5.large']);
    expect(groupSeen(GROUP, FACTS).instanceTypes).toEqual(['m5.large']);
  });

  it('failed at what it did not do since, as long as it lacks machines', () => {
    const failed = activity('Failed', 'Launching a new EC2 instance.  Status Reason: no capacity', 'no capacity');
    const seen = (group: AutoScalingGroup, ...activities: GroupFacts['activities']) =>
      groupSeen(group, { ...FACTS, activities }).lastFailure;
    expect(seen(GROUP, activity('InProgress', 'Launching a new EC2 instance: i-2'), failed)).toBe('no capacity');
    expect(seen(GROUP, activity('Successful', 'Terminating EC2 instance: i-3'), failed)).toBe('no capacity');
    expect(seen(GROUP, activity('Successful', 'Launching a new EC2 instance: i-2'), failed)).toBeNull();
    expect(seen({ ...GROUP, DesiredCapacity: 1 }, failed)).toBeNull();
  });
});
