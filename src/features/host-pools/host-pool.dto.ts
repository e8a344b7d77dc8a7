import type { HostPoolKind, ScalingMode } from '../../domain/host-pool/host-pool.js';
import { ResourcesDto } from '../hosts/host.dto.js';
import { LAUNCH_EXAMPLE, LaunchDto } from './launch.dto.js';
import { HOST_IN_POOL_EXAMPLE, PoolHostDto } from './pool-host.dto.js';

/** What capacity planning said last. */
export class PoolAdviceDto {
  /** How many hosts there should be. */
  desired_hosts!: number;

  /** Why, a sentence with figures. */
  reason!: string;

  /** Names of the hosts that would leave, the cheapest to empty first. */
  leave!: string[];

  /** When it was said: ISO 8601, UTC. */
  at!: string;
}

/** The Auto Scaling Group as it says itself. */
export class PoolGroupDto {
  /** Its limits and its count. */
  min_hosts!: number;
  /** The most. */
  max_hosts!: number;
  /** How many it wants. */
  desired_hosts!: number;
  /** How many machines it has, whatever their state. */
  machines!: number;
  /** What it does not do at present: `Launch`, `Terminate`, … */
  suspended!: string[];
  /** What it last failed to do, in its words; null for nothing. */
  last_failure!: string | null;
}

/** How many hosts are where in their lives. */
export class PoolCountsDto {
  /** The group starts it. */
  launching!: number;
  /** The group has it; Consul does not know it yet. */
  in_service!: number;
  /** Consul knows it. */
  registered!: number;
  /** It is being emptied. */
  draining!: number;
  /** It is empty, or out of time, and is taken away. */
  terminating!: number;
}

/** How full a pool is now. */
export class PoolUseDto {
  /** Hosts that take instances. */
  hosts!: number;
  /** What they have together. */
  capacity!: ResourcesDto;
  /** What is reserved of it. */
  reserved!: ResourcesDto;
  /** Share of the memory that is reserved, in percent; null where there is none. */
  memory_percent!: number | null;
  /** Share of the cores that is reserved, in percent; null where there are none. */
  cpu_percent!: number | null;
}

/** How a pool is scaled. */
export class PoolPolicyDto {
  /** The fewest hosts. */
  min_hosts!: number;

  /** The most hosts. */
  max_hosts!: number;

  /** How many hosts Jockey wants; of a static pool, how many there are. */
  desired_hosts!: number;

  /** `automatic`, or `advice`: nothing is done, only told. */
  mode!: ScalingMode;

  /** Share of what is reserved that stays free beside it, in percent. */
  head_room_percent!: number;

  /** Seconds that fewer hosts must have been enough before one leaves. */
  scale_in_after_seconds!: number;

  /** Seconds after a change of the count in which no host leaves. */
  cool_down_seconds!: number;

  /** Whether it may have no host at all while nothing is wanted. */
  scale_to_zero!: boolean;

  /** Seconds after its launch in which a host has to join; then it is replaced. */
  join_deadline_seconds!: number;

  /** Seconds after which a host that leaves is let go, emptied or not. */
  drain_deadline_seconds!: number;

  /** Seconds that a deploy waits for the hosts that it needs. */
  wait_for_room_seconds!: number;
}

/** The hosts of a stack in an environment: what is wanted, what there is, and where those who know disagree. */
export class PoolDto extends PoolPolicyDto {
  /** Its id. */
  id!: string;

  /** Name of the stack. */
  stack!: string;

  /** Name of the environment. */
  environment!: string;

  /** `auto_scaling_group` or `static`. */
  kind!: HostPoolKind;

  /** Name of the Auto Scaling Group; null for a static pool. */
  group_name!: string | null;

  /** Where the group is; null for a static pool. */
  region!: string | null;

  /** What new hosts are made of; null for a static pool, and for a group that was adopted as it is. */
  launch!: LaunchDto | null;

  /** What a host offers, as was said or as its kind of machine has; null: as its Docker says, once one is there. */
  offer!: ResourcesDto | null;

  /** What counts: `advice` where the pool or the switch for all pools says so. */
  effective_mode!: ScalingMode;

  /** The group as it says itself; null for a static pool, and where it is not there or cannot be asked. */
  group!: PoolGroupDto | null;

  /** How many hosts are where in their lives. */
  counts!: PoolCountsDto;

  /** How full it is. */
  use!: PoolUseDto;

  /** Every host that the group, Consul or Jockey knows of. */
  hosts!: PoolHostDto[];

  /** Where the group, Consul and Jockey disagree, a sentence each. */
  disagreements!: string[];

  /** What capacity planning said last, done or not; null before it said anything. */
  advice!: PoolAdviceDto | null;

  /** Why it cannot be scaled or looked at, a sentence; null while it can. */
  trouble!: string | null;

  /** Since when there is trouble: ISO 8601, UTC. */
  trouble_since!: string | null;

  /** Since when fewer hosts would be enough: ISO 8601, UTC; null while they would not. */
  surplus_since!: string | null;

  /** When the count last changed: ISO 8601, UTC. */
  scaled_at!: string | null;

  /** When it was created: ISO 8601, UTC. */
  created_at!: string;

  /** When what is wanted of it was changed last: ISO 8601, UTC. */
  updated_at!: string;
}

/** The policy that a pool begins with. */
export const POLICY_EXAMPLE: PoolPolicyDto = {
  ...{ min_hosts: 2, max_hosts: 6, desired_hosts: 2, mode: 'automatic', head_room_percent: 10 },
  ...{ scale_in_after_seconds: 600, cool_down_seconds: 120, scale_to_zero: false },
  ...{ join_deadline_seconds: 600, drain_deadline_seconds: 1800, wait_for_room_seconds: 900 },
};

const AT = '2026-11-21T03:36:00.000Z';

/** A pool as an answer shows it. */
export const POOL_EXAMPLE: PoolDto = {
  id: '3',
  stack: 'api',
  environment: 'production',
  kind: 'auto_scaling_group',
  group_name: 'jockey-api-production',
  region: 'eu-central-1',
  launch: LAUNCH_EXAMPLE,
  offer: { memory_mb: 7680, cpus: 2 },
  ...POLICY_EXAMPLE,
  effective_mode: 'automatic',
  group: { min_hosts: 2, max_hosts: 6, desired_hosts: 2, machines: 2, suspended: [], last_failure: null },
  counts: { launching: 1, in_service: 0, registered: 1, draining: 0, terminating: 0 },
  use: {
    hosts: 1,
    capacity: { memory_mb: 7680, cpus: 2 },
    reserved: { memory_mb: 2560, cpus: 1 },
    memory_percent: 33,
    cpu_percent: 50,
  },
  hosts: [HOST_IN_POOL_EXAMPLE],
  disagreements: ['The group has i-0fedcba9876543210, which Consul does not know yet.'],
  advice: { desired_hosts: 2, reason: '2 hosts hold what is wanted: 2,560 of 15,360 MiB.', leave: [], at: AT },
  trouble: null,
  trouble_since: null,
  surplus_since: null,
  scaled_at: AT,
  created_at: AT,
  updated_at: AT,
};
