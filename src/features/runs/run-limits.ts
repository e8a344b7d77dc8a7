/** What runs may take, as the operator says. */
export interface RunLimits {
  /** The longest that one may run, in seconds, and what it gets where nothing is said. */
  readonly seconds: number;
  /** The most memory that one may ask for, in MiB. */
  readonly memoryMb: number;
  /** Runs of one app that may run, or wait, at once. */
  readonly perApp: number;
}

/** Injection token of {@link RunLimits}. */
export const RUN_LIMITS = Symbol('RunLimits');
