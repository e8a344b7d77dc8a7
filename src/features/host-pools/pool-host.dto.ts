import type { LeavingCause, PoolHostState } from '../../domain/host-pool/pool-host.js';
import { ResourcesDto } from '../hosts/host.dto.js';

/** A host of a pool as its group says it. */
export class PoolMachineDto {
  /** `Pending`, `InService`, `Terminating:Wait`, … */
  lifecycle_state!: string;
  /** Whether the group holds it for healthy. */
  healthy!: boolean;
  /** Whether the group may not choose it for a scale-in. */
  protected!: boolean;
  /** `m6i.large`; null where the group does not say it. */
  instance_type!: string | null;
  /** Its zone; null where the group does not say it. */
  zone!: string | null;
}

/** A host of a pool as Consul says it. */
export class PoolNodeDto {
  /** Where it is reached. */
  address!: string;
  /** Whether all of its checks pass. */
  healthy!: boolean;
  /** The check that fails and what it said last; null while healthy. */
  reason!: string | null;
}

/** Why and how far a host leaves. */
export class PoolLeavingDto {
  /** `scale_in`, `group`, `spot_interruption`, `rebalance`, `unhealthy`, `never_joined` or `operator`. */
  cause!: LeavingCause | null;
  /** A sentence; null where nobody said one. */
  reason!: string | null;
  /** Since when: ISO 8601, UTC. */
  since!: string | null;
}

/** A host of a pool, by all who know of it. */
export class PoolHostDto {
  /** Name of its node in Consul; null until it joined. */
  name!: string | null;

  /** The group's machine; null for one that the group does not have. */
  machine!: string | null;

  /** `launching`, `in_service`, `registered`, `draining` or `terminating`. */
  state!: PoolHostState;

  /** What the group says; null where it says nothing of it. */
  group!: PoolMachineDto | null;

  /** What Consul says; null where it does not know it. */
  consul!: PoolNodeDto | null;

  /** Whether it takes new instances. */
  takes_instances!: boolean;

  /** What it has; null until it or its Docker has said so. */
  capacity!: ResourcesDto | null;

  /** What the instances on it, of all apps, reserve. */
  reserved!: ResourcesDto;

  /** How many instances are on it. */
  instances!: number;

  /** How many of them may not move: it is never chosen to leave while there are any. */
  instances_that_stay!: number;

  /** Why it leaves; null while it does not. */
  leaving!: PoolLeavingDto | null;

  /** What stands in its way, a sentence; null for nothing. */
  trouble!: string | null;
}

const MACHINE_EXAMPLE: PoolMachineDto = {
  ...{
    lifecycle_state: 'InService',
    healthy: true,
    protected: true,
    instance_type: 'm6i.large',
    zone: 'eu-central-1a',
  },
};

/** A host of a pool as an answer shows it. */
export const HOST_IN_POOL_EXAMPLE: PoolHostDto = {
  name: 'ip-10-0-0-11',
  machine: 'i-0123456789abcdef0',
  state: 'registered',
  group: MACHINE_EXAMPLE,
  consul: { address: '10.0.0.11', healthy: true, reason: null },
  takes_instances: true,
  capacity: { memory_mb: 7680, cpus: 2 },
  reserved: { memory_mb: 2560, cpus: 1 },
  instances: 10,
  instances_that_stay: 0,
  leaving: null,
  trouble: null,
};
