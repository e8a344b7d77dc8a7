/**
 * Where a host of a pool is in its life: `launching` (the group starts it), `in_service` (the group has it, Consul does
 * not know it yet), `registered` (Consul knows it), `draining` (it is being emptied), `terminating` (it is empty, or out
 * of time, and the group takes it away), `gone`.
 */
export const POOL_HOST_STATES = ['launching', 'in_service', 'registered', 'draining', 'terminating', 'gone'] as const;

/** One of {@link POOL_HOST_STATES}. */
export type PoolHostState = (typeof POOL_HOST_STATES)[number];

/**
 * Why a host leaves: fewer are needed (`scale_in`), the group was made smaller or chose it itself (`group`), its machine
 * is taken back (`spot_interruption`) or soon will be (`rebalance`), it is broken (`unhealthy`), it never joined
 * (`never_joined`), or a person said so (`operator`).
 */
export const LEAVING_CAUSES = [
  'scale_in',
  'group',
  'spot_interruption',
  'rebalance',
  'unhealthy',
  'never_joined',
  'operator',
] as const;

/** One of {@link LEAVING_CAUSES}. */
export type LeavingCause = (typeof LEAVING_CAUSES)[number];
