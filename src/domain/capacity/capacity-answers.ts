import type { CapacityCause } from './capacity-cause.js';
import type { CapacityDecision } from './capacity.js';
import {
  hostsText,
  isAre,
  instancesText,
  loadText,
  namesText,
  needsText,
  timeText,
  whoseText,
} from './capacity-words.js';
import { type Fit, fit } from './fit.js';
import type { MoreHosts } from './more-hosts.js';
import type { CapacityFrame } from './pool-frame.js';
import type { SpareHosts } from './spare-hosts.js';

/** Something lacks room: what gives it room, as far as the limits go. */
export function wantsMore(frame: CapacityFrame, more: MoreHosts): CapacityDecision {
  const { scene, total } = frame;
  const desired = total + more.stay.length + more.added;
  const lacks = lackText(frame, more);
  return {
    ...nothing(frame),
    desired,
    cause: desired === scene.snapshot.desired ? null : causeOfMore(frame, desired),
    reason: `${lacks} ${helpText(frame, more)}`,
    stay: more.stay,
    beyondMax: more.lacking.length,
  };
}

/** Fewer are desired than there are: those that can be spared go. */
export function leavesNow(frame: CapacityFrame, spare: SpareHosts, { lacking }: Fit): CapacityDecision {
  const { scene, total, within } = frame;
  const { policy, desired: before } = scene.snapshot;
  const isLimit = total > policy.max;
  const desired = isLimit ? within : total - spare.rooms.length;
  const wanted = isLimit
    ? `at most ${policy.max} ${isAre(policy.max)} allowed`
    : `${hostsText(within)} ${isAre(within)} desired`;
  const kept = total - spare.rooms.length - within;
  const rest = kept === 0 ? '' : `; ${hostsText(kept)} more cannot be spared`;
  const go = spare.rooms.length === 0 ? '' : `: ${leaveText(spare)}`;
  return {
    ...nothing(frame),
    desired,
    cause: desired === before ? null : isLimit || before !== within ? 'limits' : 'demand',
    reason: `There are ${hostsText(total)}, and ${wanted}${go}${rest}.`,
    leave: namesOf(spare),
    beyondMax: lacking.length,
  };
}

/** The desired count was outside of the limits. */
export function outOfLimits(frame: CapacityFrame): CapacityDecision {
  const { within, scene } = frame;
  const { policy, desired } = scene.snapshot;
  const limits = `the limits are ${policy.min} to ${policy.max}`;
  const zero =
    policy.min === 0 && within === 1 ? ', and a pool with nothing to run keeps a host unless it scales to zero' : '';
  return {
    ...nothing(frame),
    desired: within,
    cause: 'limits',
    reason: `${hostsText(desired)} ${desired === 1 ? 'was' : 'were'} desired, and ${limits}${zero}: now ${within}.`,
  };
}

/** Fewer would be enough, and that has to last. `dueAt` is null where others have to be gone first. */
export function lingers(frame: CapacityFrame, spare: SpareHosts, dueAt: number | null): CapacityDecision {
  const { surplusSince, now } = frame.scene.snapshot;
  const since = surplusSince ?? now;
  const count = spare.rooms.length;
  const wait = dueAt === null ? 'once those that are leaving are gone' : `at ${timeText(dueAt)} if that lasts`;
  const verb = count === 1 ? 'it leaves' : 'they leave';
  return {
    ...nothing(frame),
    reason: `${hostsText(count)} fewer would be enough since ${timeText(since)}: ${verb} ${wait}; ${loadText(frame)}.`,
    surplusSince: since,
    lookAgainAt: dueAt,
  };
}

/** Fewer have been enough for long enough. */
export function leavesSurplus(frame: CapacityFrame, spare: SpareHosts): CapacityDecision {
  const { policy, surplusSince, now } = frame.scene.snapshot;
  const since = surplusSince ?? now;
  const desired = frame.total - spare.rooms.length;
  return {
    ...nothing(frame),
    desired,
    cause: 'surplus',
    reason: `${hostsText(desired)} ${isAre(desired)} enough since ${timeText(since)}, ${headRoomText(frame)}: ${leaveText(spare)}.`,
    leave: namesOf(spare),
    surplusSince: since,
    lookAgainAt: now + policy.coolDownSeconds * 1000,
  };
}

/** All is as it should be. */
export function asItIs(frame: CapacityFrame): CapacityDecision {
  const { within } = frame;
  const many =
    within === 0
      ? 'Nothing is wanted, and no host is needed'
      : `${hostsText(within)} ${isAre(within)} as many as are wanted`;
  return { ...nothing(frame), reason: `${many}: ${loadText(frame)}, ${headRoomText(frame)}.` };
}

function nothing({ within, scene }: CapacityFrame): CapacityDecision {
  return {
    ...{ desired: within, cause: null, reason: '', leave: [], stay: [] },
    ...{ surplusSince: null, lookAgainAt: null, never: scene.never, beyondMax: 0 },
  };
}

/** Whether it would have been enough without what was on lost hosts. */
function causeOfMore({ scene, rooms, within }: CapacityFrame, desired: number): CapacityCause {
  const lost = scene.snapshot.hosts.filter(({ role }) => role === 'lost').map(({ name }) => name);
  if (desired === within) return 'limits';
  if (lost.length === 0) return 'demand';
  const others = [...scene.displaced].flatMap(([host, instances]) => (lost.includes(host) ? [] : instances));
  return fit(rooms, [...others, ...scene.waiting], scene).isEnough ? 'host_lost' : 'demand';
}

function lackText(frame: CapacityFrame, { before }: MoreHosts): string {
  const on = hostsText(frame.total);
  const { lacking } = before;
  if (lacking.length > 0)
    return `${needsText(lacking)} of ${whoseText(lacking, frame.scene)} ${lacking.length === 1 ? 'has' : 'have'} no room on ${on}:`;
  return `${loadText(frame)} on ${on}, which leaves less head-room than ${frame.scene.snapshot.policy.headRoomPercent} %:`;
}

function helpText({ scene, total }: CapacityFrame, { stay, added, lacking }: MoreHosts): string {
  const { max } = scene.snapshot.policy;
  const full = total + stay.length + added >= max;
  const help = [
    ...(stay.length === 0 ? [] : [`${namesText(stay)} ${stay.length === 1 ? 'stays' : 'stay'} after all`]),
    ...(added === 0 ? [] : [`${hostsText(added)} more ${isAre(added)} started`]),
    ...(lacking.length === 0 || !full
      ? []
      : [
          `${instancesText(lacking.length)} ${lacking.length === 1 ? 'stays' : 'stay'} without room, because at most ${hostsText(max)} ${isAre(max)} allowed`,
        ]),
  ];
  if (help.length > 0) return `${help.join(', and ')}.`;
  return full
    ? `at most ${hostsText(max)} are allowed.`
    : 'what a new host offers is learnt from the one that is on its way.';
}

function leaveText({ rooms, moves }: SpareHosts): string {
  const known = rooms.filter(({ of }) => of !== null).map(({ name }) => name);
  const unstarted = rooms.length - known.length;
  const parts = [
    ...(unstarted === 0 ? [] : [`${hostsText(unstarted)} ${isAre(unstarted)} not started`]),
    ...(known.length === 0
      ? []
      : [`${namesText(known)} ${known.length === 1 ? 'leaves' : 'leave'}, ${instancesText(moves)} to move`]),
  ];
  return parts.join(', and ');
}

function namesOf({ rooms }: SpareHosts): string[] {
  return rooms.flatMap(({ of }) => (of === null ? [] : [of.name]));
}

function headRoomText({ scene }: CapacityFrame): string {
  return `head-room of ${scene.snapshot.policy.headRoomPercent} % kept`;
}
