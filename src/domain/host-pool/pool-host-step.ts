import type { LeavingCause } from './pool-host.js';
import type { PoolHostSight } from './pool-sight.js';

/** What is done next for a pool and its hosts; each can be done twice without harm. Reasons are sentences. */
export type PoolHostStep =
  /** Fit the group with the hook, the protection and the marks that it lacks. */
  | { readonly kind: 'fit'; readonly because: string }
  /** Keep the group from choosing these machines for its own scale-in. */
  | { readonly kind: 'protect'; readonly machines: readonly string[] }
  /** Write down what is seen of a host: that it is there, joined, or is otherwise than it was. */
  | { readonly kind: 'note'; readonly seen: PoolHostSight }
  /** Write down that nothing is left of a host. */
  | { readonly kind: 'forget'; readonly recordId: string; readonly because: string }
  /** Have a host leave: it gets nothing new, and what it has moves away. */
  | { readonly kind: 'leave'; readonly recordId: string; readonly cause: LeavingCause; readonly because: string }
  /** Keep new instances away, once more, from a host that leaves. */
  | { readonly kind: 'empty'; readonly recordId: string; readonly host: string; readonly because: string }
  /** Take a leaving back. */
  | { readonly kind: 'stay'; readonly recordId: string; readonly because: string }
  /** Tell the group that work on a held machine goes on. */
  | { readonly kind: 'heartbeat'; readonly recordId: string; readonly machine: string }
  /** Let a held machine go. */
  | { readonly kind: 'release'; readonly recordId: string; readonly machine: string; readonly because: string }
  /** Have the group end a machine; `smaller`: and want one fewer. `letGo`: nothing on it is waited for any more. */
  | {
      readonly kind: 'terminate';
      readonly recordId: string;
      readonly machine: string;
      readonly smaller: boolean;
      readonly letGo: boolean;
      readonly because: string;
    };

/** What of a pool is needed to plan for its hosts; meanings: {@link ScalingPolicy}. */
export interface PoolHostRules {
  /** How many hosts Jockey wants. */
  readonly desired: number;
  readonly joinDeadlineSeconds: number;
  readonly drainDeadlineSeconds: number;
}
