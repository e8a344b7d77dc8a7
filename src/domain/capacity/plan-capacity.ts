import type { CapacityDecision, CapacitySnapshot } from './capacity.js';

/** Decides how many hosts a pool should have, which leave and which of the leaving stay. Pure; any order, same answer. */
export function planCapacity(snapshot: CapacitySnapshot): CapacityDecision {
  const { policy, desired } = snapshot;
  const within = Math.max(policy.min, Math.min(policy.max, desired));
  const changes = within !== desired;
  return {
    desired: within,
    cause: changes ? 'limits' : null,
    reason: changes
      ? `${desired} hosts are outside of the limits ${policy.min} to ${policy.max}.`
      : `${desired} hosts are as many as are wanted.`,
    leave: [],
    stay: [],
    surplusSince: null,
    lookAgainAt: null,
    never: [],
    beyondMax: 0,
  };
}
