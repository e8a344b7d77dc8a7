import type { WantedWorker } from '../reconcile/reconcile-snapshot.js';
import { parallelismOf, type RolloutPolicy } from './rollout-policy.js';

/** The waves that are canaries: the first instance, and the others of the share. */
export const LAST_CANARY_WAVE = 1;

/** One new instance of a rollout, and the batch in which it comes. */
export interface RolloutSlot {
  readonly worker: WantedWorker;
  readonly slot: number;
  /** 0 and up: a wave starts when those before are proven. */
  readonly wave: number;
  /** Whether it waits out of traffic for all others. */
  readonly standby: boolean;
}

/**
 * The slots of a worker in their waves. Where the worker serves already, the first instance is the gate: nothing else
 * starts before it is proven. Where it does not, there is nothing to protect, and all start at once.
 */
export function rolloutSlots(worker: WantedWorker, serves: boolean): RolloutSlot[] {
  const { policy } = worker.spec;
  const standby = serves && policy.strategy === 'blue_green';
  return Array.from({ length: worker.scale }, (_, index) => {
    const wave = serves ? waveOf(policy, { scale: worker.scale, index }) : onlyWaveOf(policy);
    return { worker, slot: index + 1, wave, standby };
  });
}

/** Where nothing serves there are no canaries to wait for. */
function onlyWaveOf({ strategy }: RolloutPolicy): number {
  return strategy === 'canary' ? LAST_CANARY_WAVE + 1 : 0;
}

function waveOf(policy: RolloutPolicy, { scale, index }: { scale: number; index: number }): number {
  if (policy.strategy === 'recreate' || index === 0) return 0;
  if (policy.strategy === 'blue_green') return 1;
  const batch = parallelismOf(policy, scale);
  if (policy.strategy === 'rolling') return 1 + Math.floor((index - 1) / batch);
  const canaries = canariesOf(policy, scale);
  return index < canaries ? LAST_CANARY_WAVE : LAST_CANARY_WAVE + 1 + Math.floor((index - canaries) / batch);
}

/** How many instances the canary's share is, at least 1. */
export function canariesOf({ canaryPercent }: RolloutPolicy, scale: number): number {
  return Math.max(1, Math.ceil((scale * canaryPercent) / 100));
}
