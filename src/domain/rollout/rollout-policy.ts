/** How the new instances of a worker take the place of the old. */
export const STRATEGIES = ['rolling', 'blue_green', 'canary', 'recreate'] as const;

/**
 * `rolling`: batch by batch, the new before the old; `blue_green`: all new ones stand by, then all take over at once;
 * `canary`: a share first, then a pause, then rolling; `recreate`: the old before the new, for what may not run twice.
 */
export type Strategy = (typeof STRATEGIES)[number];

/** What follows when more instances fail than are allowed. */
export const FAILURE_ACTIONS = ['revert', 'pause'] as const;

/** `revert`: what was there is put back; `pause`: nothing more is moved until somebody says continue or cancel. */
export type FailureAction = (typeof FAILURE_ACTIONS)[number];

/** How a worker is rolled out. */
export interface RolloutPolicy {
  readonly strategy: Strategy;
  /** New instances under way at once, 1 and up; null for a quarter of the scale, at least 1, as Kubernetes does. */
  readonly parallelism: number | null;
  /** Between one batch and the next, in seconds. */
  readonly delaySeconds: number;
  /** How long a healthy instance has to stay so before it counts, in seconds. */
  readonly monitorSeconds: number;
  /** So long may nothing come forward before the rollout has failed, in seconds. */
  readonly progressDeadlineSeconds: number;
  /** So many instances may fail, and are tried again, before the worker's rollout has. */
  readonly allowedFailures: number;
  readonly onFailure: FailureAction;
  /** Share of the scale that a canary is, in percent, rounded up. */
  readonly canaryPercent: number;
  /** How long the canaries run beside the old before the rest follows, in seconds; null until somebody says continue. */
  readonly canaryPauseSeconds: number | null;
}

/** What a worker is rolled out by where nothing else is said. */
export const DEFAULT_POLICY: RolloutPolicy = {
  strategy: 'rolling',
  parallelism: null,
  delaySeconds: 0,
  monitorSeconds: 0,
  progressDeadlineSeconds: 600,
  allowedFailures: 0,
  onFailure: 'revert',
  canaryPercent: 10,
  canaryPauseSeconds: 60,
};

/** How many of a worker's instances may be under way at once. */
export function parallelismOf({ parallelism }: RolloutPolicy, scale: number): number {
  return Math.max(1, parallelism ?? Math.ceil(scale / 4));
}
