import type { CapacityCause } from '../../domain/capacity/capacity-cause.js';
import { WholeNumber } from '../../http/input/fields.js';
import { Moment } from '../../http/input/moment.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';

/** Which changes are wanted. */
export class ListCapacityChangesDto extends PageQueryDto {}

/** A change of the count of a pool, or what would have been one. */
export class CapacityChangeDto {
  /** Its id. */
  id!: string;

  /** How many hosts there should have been. */
  from_hosts!: number;

  /** How many there should be since. */
  to_hosts!: number;

  /** `demand`, `surplus`, `limits`, `host_lost`, `operator` or `group`. */
  cause!: CapacityCause;

  /** Why, a sentence with figures. */
  reason!: string;

  /** False where it was only advice. */
  applied!: boolean;

  /** Who asked; null for Jockey itself. */
  requested_by!: string | null;

  /** When: ISO 8601, UTC. */
  created_at!: string;
}

/** A change as an answer shows it. */
export const CAPACITY_CHANGE_EXAMPLE: CapacityChangeDto = {
  id: '12',
  from_hosts: 2,
  to_hosts: 4,
  cause: 'demand',
  reason: '6 instances of deploy 12 of shop wait for room: 2 more hosts hold them.',
  applied: true,
  requested_by: null,
  created_at: '2026-11-21T03:36:00.000Z',
};

/** Of which time, and how finely. */
export class PoolUtilizationQueryDto {
  /** From when; a day before `to` where nothing is said. */
  @Moment('2026-11-20T03:36:00Z')
  from?: string;

  /** Until when; now where nothing is said. */
  @Moment('2026-11-21T03:36:00Z')
  to?: string;

  /** Between two points; as fine as 300 points allow where nothing is said. Samples are of each minute. */
  @WholeNumber({ min: 60, max: 86_400, unit: 'seconds', optional: true, example: 300 })
  step?: number;
}

/** How full a pool was, on average over one step. */
export class PoolPointDto {
  /** Begin of the step: ISO 8601, UTC. */
  at!: string;

  /** How many hosts there should have been; the most within the step. */
  desired_hosts!: number;

  /** Hosts that took instances. */
  hosts!: number;

  /** What they had together, in MiB. */
  memory_mb!: number;

  /** What they had together, in cores. */
  cpus!: number;

  /** What was reserved of it, in MiB. */
  reserved_memory_mb!: number;

  /** What was reserved of it, in cores. */
  reserved_cpus!: number;

  /** Share of the memory that was reserved, in percent; null where there was none. */
  memory_percent!: number | null;

  /** Share of the cores that was reserved, in percent; null where there were none. */
  cpu_percent!: number | null;

  /** Instances on them. */
  instances!: number;

  /** Instances that waited for room; the most within the step. */
  waiting!: number;
}

/** How full a pool was over time. */
export class PoolUtilizationDto {
  /** Begin: ISO 8601, UTC. */
  from!: string;

  /** End: ISO 8601, UTC. */
  to!: string;

  /** Seconds between two points. */
  step!: number;

  /** Hosts times hours: what was paid for. */
  host_hours!: number;

  /** Average share of the memory that was reserved, in percent; null where nothing is known. */
  memory_percent!: number | null;

  /** Average share of the cores that was reserved, in percent; null where nothing is known. */
  cpu_percent!: number | null;

  /** Oldest first; steps of which nothing is known are left out. */
  points!: PoolPointDto[];
}

/** Utilisation as an answer shows it. */
export const UTILIZATION_EXAMPLE: PoolUtilizationDto = {
  from: '2026-11-20T03:36:00.000Z',
  to: '2026-11-21T03:36:00.000Z',
  step: 300,
  host_hours: 48,
  memory_percent: 33,
  cpu_percent: 50,
  points: [
    {
      ...{ at: '2026-11-21T03:30:00.000Z', desired_hosts: 2, hosts: 2, memory_mb: 15_360, cpus: 4 },
      ...{ reserved_memory_mb: 5120, reserved_cpus: 2, memory_percent: 33, cpu_percent: 50, instances: 20, waiting: 0 },
    },
  ],
};

/** What would fit on fewer hosts. */
export class FewerHostsDto {
  /** How many hosts there are. */
  hosts!: number;

  /** How many would be enough, with the head-room kept. */
  enough!: number;

  /** Names of the hosts that could leave, the cheapest to empty first. */
  leave!: string[];

  /** How many instances would have to move. */
  moves!: number;

  /** All of it in a sentence. */
  sentence!: string;

  /** What keeps the count from being lower, a clause each. */
  obstacles!: string[];
}

/** Fewer hosts as an answer shows them. */
export const FEWER_HOSTS_EXAMPLE: FewerHostsDto = {
  hosts: 4,
  enough: 3,
  leave: ['ip-10-0-0-14'],
  moves: 2,
  sentence: '3 of 4 hosts would be enough: ip-10-0-0-14 could leave, and 2 instances would move.',
  obstacles: ['ip-10-0-0-12 runs what may not move'],
};
