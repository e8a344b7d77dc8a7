/** What a change would cost or save a host pool. */
export class PlanPoolDto {
  /** Id of the pool. */
  pool_id!: string;

  /** Name of its stack. */
  stack!: string;

  /** Name of its environment. */
  environment!: string;

  /** Hosts that it has now, those that are on their way with them. */
  hosts!: number;

  /** Hosts that would be enough as it is now. */
  hosts_needed_now!: number;

  /** Hosts that would be enough after the change. */
  hosts_needed_after!: number;

  /** Instances that would find no room, because the pool may not have so many hosts. */
  beyond_max!: number;

  /** All of it in one sentence. */
  sentence!: string;
}

/** A pool in a plan, as an answer shows it. */
export const PLAN_POOL_EXAMPLE: PlanPoolDto = {
  pool_id: '1',
  stack: 'api',
  environment: 'production',
  hosts: 2,
  hosts_needed_now: 2,
  hosts_needed_after: 3,
  beyond_max: 0,
  sentence: '2 hosts now, of which 2 are needed; after the change 3: 1 host more.',
};
