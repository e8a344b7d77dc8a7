import type { Instance } from '../instance/instance.js';
import type { Leaving } from '../placement/place-waves.js';
import { LAST_CANARY_WAVE, type RolloutSlot } from './waves.js';

/** Later than any wave. */
const AT_THE_END = Number.MAX_SAFE_INTEGER;

/**
 * When the room of each old instance becomes free, as the rollout of these slots will go. What is stopped already, and
 * what is not healthy of a deploy that is not the current one (null: there is none), goes at once.
 */
export function leavingOf(
  old: readonly Instance[],
  slots: readonly RolloutSlot[],
  currentDeployId?: string | null,
): Leaving[] {
  return old.map((each) => {
    const own = slots.filter(({ worker }) => worker.workerId === each.workerId);
    const useless = each.state !== 'healthy' && currentDeployId !== undefined && each.deployId !== currentDeployId;
    const goesNow = each.desired === 'stopped' || each.state === 'failed' || useless;
    return { host: each.host, resources: each.spec.resources, afterWave: goesNow ? -1 : leavesAfter(each.slot, own) };
  });
}

function leavesAfter(slot: number, own: readonly RolloutSlot[]): number {
  const policy = own[0]?.worker.spec.policy;
  if (policy === undefined || policy.strategy === 'blue_green') return AT_THE_END;
  if (policy.strategy === 'recreate') return -1;
  const successor = own.find((each) => each.slot === slot);
  if (successor === undefined) return AT_THE_END;
  return policy.strategy === 'canary' ? Math.max(successor.wave, LAST_CANARY_WAVE) : successor.wave;
}
