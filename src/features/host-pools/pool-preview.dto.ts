import type { CapacityCause } from '../../domain/capacity/capacity-cause.js';
import type { ScalingMode } from '../../domain/host-pool/host-pool.js';
import { ResourcesDto } from '../hosts/host.dto.js';

/** Instances that wait and fit no host of the pool, not even an empty one. */
export class NeverFitsDto {
  /** Who waits. */
  who!: string;

  /** Name of the worker. */
  worker!: string;

  /** How many instances. */
  count!: number;

  /** Why, with figures. */
  because!: string;
}

/** How many hosts capacity planning would want. */
export class PoolDecisionDto {
  /** How many hosts there should be. */
  desired_hosts!: number;

  /** `demand`, `surplus`, `limits`, `host_lost`, `operator` or `group`; null where the count would stay. */
  cause!: CapacityCause | null;

  /** Why, a sentence with figures. */
  reason!: string;

  /** Names of the hosts that would leave, the cheapest to empty first. */
  leave!: string[];

  /** Names of hosts that are leaving and would stay. */
  stay!: string[];

  /** Instances that wait and for which `max_hosts` leaves no host. */
  beyond_max!: number;

  /** What waits and would never fit. */
  never!: NeverFitsDto[];
}

/** What a pool, new or changed, would be, and what would be done. Nothing of it is written. */
export class PoolPreviewDto {
  /** Name of the stack. */
  stack!: string;

  /** Name of the environment. */
  environment!: string;

  /** How many hosts Jockey wants now; 0 of a pool that is not there yet. */
  from_hosts!: number;

  /** The fewest hosts then. */
  min_hosts!: number;

  /** The most hosts then. */
  max_hosts!: number;

  /** How many hosts there should be at once. */
  to_hosts!: number;

  /** What a host would offer; null where nobody knows. */
  offer!: ResourcesDto | null;

  /** What would be done at once, a sentence each; empty for nothing. */
  actions!: string[];

  /** What capacity planning would say next; null where Consul or the group cannot be asked. */
  decision!: PoolDecisionDto | null;

  /** Whether that would be done, or only told. */
  mode!: ScalingMode;

  /** What cannot be looked at, a sentence each. */
  troubles!: string[];
}

/** A preview as an answer shows it. */
export const POOL_PREVIEW_EXAMPLE: PoolPreviewDto = {
  stack: 'api',
  environment: 'production',
  from_hosts: 2,
  min_hosts: 2,
  max_hosts: 8,
  to_hosts: 4,
  offer: { memory_mb: 7680, cpus: 2 },
  actions: ['The group jockey-api-production in eu-central-1 would get at most 8 hosts, and 4 at once.'],
  decision: {
    desired_hosts: 4,
    cause: null,
    reason: '4 hosts hold what is wanted: 2,560 of 30,720 MiB.',
    leave: [],
    stay: [],
    beyond_max: 0,
    never: [],
  },
  mode: 'automatic',
  troubles: [],
};
