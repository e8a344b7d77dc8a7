import type { ObservedInstance } from '../instance/plan-instance.js';

/** An instance that should be exchanged for a new one. */
export interface Exchange {
  readonly each: ObservedInstance;
  readonly because: string;
  readonly onlyHost: string | null;
}
