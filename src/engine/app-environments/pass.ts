import type { AppEnvironment } from '../../store/repositories/app-environments.js';
import type { Lease } from '../../store/leases.js';
import type { Bell } from './bell.js';
import type { Flights } from './flights.js';
import type { StepContext } from './step-runner.js';
import type { Story } from './story.js';

/** One engine's work on one app in one environment, under one lease, from a trigger until there is nothing to do. */
export interface Pass {
  readonly lease: Lease;
  readonly bell: Bell;
  readonly signal: AbortSignal;
}

/** One look of a pass. */
export interface Look {
  readonly pass: Pass;
  readonly state: AppEnvironment;
  readonly story: Story;
  readonly flights: Flights;
  readonly context: Omit<StepContext, 'hosts'>;
}

/** What a look found: whether there is more to do, and when to look again at the latest. */
export type Outlook =
  | { readonly kind: 'again' }
  | { readonly kind: 'wait'; readonly until: number | null }
  | { readonly kind: 'settled'; readonly lookAgainAt: number | null };
