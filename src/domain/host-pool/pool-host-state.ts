import type { PoolHostState } from './pool-host.js';

/** What the state of a pool's host follows from. */
export interface PoolHostFacts {
  /** What its group says of its machine, `InService`; null where the group has none of it, and in a static pool. */
  readonly lifecycleState: string | null;
  /** Whether Consul knows it. */
  readonly registered: boolean;
  /** Whether it is to leave, or is emptied because somebody said so. */
  readonly leaving: boolean;
  /** Whether it was let go: nothing of it is waited for any more. */
  readonly released: boolean;
  /** Whether nothing is left of it. */
  readonly gone: boolean;
}

/** Where a host is in its life. What ends comes before what begins: one that is taken away while it starts terminates. */
export function poolHostState(facts: PoolHostFacts): PoolHostState {
  const { lifecycleState: said, registered, leaving, released, gone } = facts;
  if (gone || said === 'Terminated') return 'gone';
  if (released || said === 'Terminating:Proceed') return 'terminating';
  if (leaving || isEnding(said)) return 'draining';
  if (said !== null && isBeginning(said)) return 'launching';
  return registered ? 'registered' : 'in_service';
}

/**
 * Whether the group ends a machine:
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
 */
export function isEnding(lifecycleState: string | null): boolean {
  return lifecycleState?.startsWith('Terminat') === true;
}

/** Whether the group holds a machine until somebody lets it go. */
export function isHeld(lifecycleState: string | null): boolean {
  return lifecycleState === 'Terminating:Wait';
}

function isBeginning(lifecycleState: string): boolean {
  return lifecycleState.startsWith('Pending') || lifecycleState.startsWith('Warmed:');
}
