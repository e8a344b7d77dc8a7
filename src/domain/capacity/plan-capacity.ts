import type { CapacityDecision, CapacitySnapshot } from './capacity.js';
import { asItIs, leavesNow, leavesSurplus, lingers, outOfLimits, wantsMore } from './capacity-answers.js';
import type { Fit } from './fit.js';
import { moreHosts } from './more-hosts.js';
import { type CapacityFrame, frameOf } from './pool-frame.js';
import { spareHosts } from './spare-hosts.js';

/** What of the hosts may leave in one step, in percent, and at least one: the rest waits for the next look. */
const STEP_PERCENT = 10;

/** So many choices of hosts are tried. What is not found by then may be found when the pool is looked at again. */
const TRIES = 8;

/**
 * Decides how many hosts a pool should have, which leave, and which of those that leave should stay.
 *
 * More at once, as soon as something lacks room: what waits, what has to move off hosts that leave or are lost, or the
 * head-room. Fewer only when it has been enough for `scaleInAfterSeconds`, the last change is `coolDownSeconds` old, and
 * the real placement finds a place on the others for all that is on those that go. Any order of the same facts gives the
 * same decision.
 */
export function planCapacity(snapshot: CapacitySnapshot): CapacityDecision {
  const frame = frameOf(snapshot);
  const { scene, rooms, total, within } = frame;
  const more = moreHosts(scene, rooms, Math.max(0, snapshot.policy.max - total));
  if (!more.before.isEnough && total <= snapshot.policy.max) return wantsMore(frame, more);
  if (total > within) return tooMany(frame, more.before);
  if (within !== snapshot.desired) return outOfLimits(frame);
  return surplus(frame);
}

/** More hosts count than are desired: somebody wants fewer, and those that can be spared go now. */
function tooMany(frame: CapacityFrame, before: Fit): CapacityDecision {
  const { scene, rooms, total, within } = frame;
  const isLimit = total > scene.snapshot.policy.max;
  const rules = { most: total - within, headRoom: !isLimit, spread: false, tries: TRIES };
  return leavesNow(frame, spareHosts(scene, rooms, rules), before);
}

/** Fewer hosts may be enough: some go when that has lasted. */
function surplus(frame: CapacityFrame): CapacityDecision {
  const { scene, rooms, total, least } = frame;
  const step = Math.max(1, Math.floor((total * STEP_PERCENT) / 100)) - scene.takeable.length;
  const rules = { most: Math.min(total - least, Math.max(1, step)), headRoom: true, spread: true, tries: TRIES };
  const spare = spareHosts(scene, rooms, rules);
  if (spare.rooms.length === 0) return asItIs(frame);
  const dueAt = dueAtOf(scene.snapshot);
  if (step <= 0 || scene.snapshot.now < dueAt) return lingers(frame, spare, step <= 0 ? null : dueAt);
  return leavesSurplus(frame, spare);
}

function dueAtOf({ policy, now, surplusSince, scaledAt }: CapacitySnapshot): number {
  const lasted = (surplusSince ?? now) + policy.scaleInAfterSeconds * 1000;
  return scaledAt === null ? lasted : Math.max(lasted, scaledAt + policy.coolDownSeconds * 1000);
}
