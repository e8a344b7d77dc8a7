import type { Resources } from '../host/host.js';
import type { Instance } from '../instance/instance.js';
import {
  earliestOf,
  planNewInstance,
  provenAt,
  servingFrom,
  type InstanceStep,
  type ObservedInstance,
} from '../instance/plan-instance.js';
import type { WorkerSpec } from '../worker/worker.js';
import { LAST_CANARY_WAVE } from './waves.js';

/** One worker's part of a rollout. */
export interface WorkerRollout {
  readonly spec: WorkerSpec;
  /** Its new instances, those that are to be stopped apart. */
  readonly fresh: readonly ObservedInstance[];
  /** All others of it that live. */
  readonly old: readonly ObservedInstance[];
  /** The last tries of slots that failed and wait for the next. */
  readonly retries: readonly Instance[];
}

/** What a worker's part is looked at with. */
export interface Moment {
  readonly now: number;
  /** When the rollout began, or was last told to go on. */
  readonly begunAt: number;
  readonly continuedAt: number | null;
  readonly paused: boolean;
  /** What is free on a host for all that is planned there; a host that is not in it is not asked. */
  readonly room: ReadonlyMap<string, Resources>;
}

/** Whether every new instance stands, has been seen for long enough, and none is tried again. */
export function isProven({ fresh, retries }: WorkerRollout, now: number): boolean {
  return retries.length === 0 && fresh.every((each) => stands(each, now));
}

/** Whether it works, for as long as its policy wants to see. What Consul does not know, or cannot say, takes nobody's place. */
export function stands({ instance, seen }: ObservedInstance, now: number): boolean {
  const at = provenAt(instance);
  return at !== null && now >= at && seen.check === 'passing';
}

/**
 * From when a wave may start: when all before are proven, the delay has passed and, behind the canaries, their pause;
 * null while that is not known.
 */
export function waveDueAt(part: WorkerRollout, wave: number, moment: Moment): number | null {
  const before = part.fresh.filter(({ instance }) => instance.wave < wave);
  if (part.retries.some((retry) => retry.wave < wave) || !before.every((each) => stands(each, moment.now))) return null;
  if (before.length === 0) return moment.begunAt;
  const proven = Math.max(moment.begunAt, ...before.map(({ instance }) => provenAt(instance) ?? 0));
  const dueAt = proven + part.spec.policy.delaySeconds * 1000;
  if (part.spec.policy.strategy !== 'canary' || wave <= LAST_CANARY_WAVE) return dueAt;
  const passed = canaryPassesAt(part, moment);
  return passed === null ? null : Math.max(dueAt, passed);
}

/** When the canaries have been watched for long enough; null while they are not proven, or until somebody says so. */
export function canaryPassesAt({ spec, fresh, retries }: WorkerRollout, moment: Moment): number | null {
  const { strategy, canaryPauseSeconds } = spec.policy;
  const canaries = fresh.filter(({ instance }) => instance.wave <= LAST_CANARY_WAVE);
  if (strategy !== 'canary' || canaries.length === 0) return moment.begunAt;
  const waiting = retries.some(({ wave }) => wave <= LAST_CANARY_WAVE);
  if (waiting || !canaries.every((each) => stands(each, moment.now))) return null;
  const proven = Math.max(...canaries.map(({ instance }) => provenAt(instance) ?? 0));
  if (moment.continuedAt !== null && moment.continuedAt >= proven) return proven;
  return canaryPauseSeconds === null ? null : proven + canaryPauseSeconds * 1000;
}

/** The next steps of the new instances, and when a held one is due. `fitting` are those with room on their hosts, by id. */
export function stepsOfFresh(
  part: WorkerRollout,
  moment: Moment,
  fitting: ReadonlySet<string>,
): { readonly steps: readonly InstanceStep[]; readonly dueAt: number | null } {
  const dues: number[] = [];
  const steps = [...part.fresh].sort(bySlot).map((each): InstanceStep => {
    const { instance } = each;
    if (mayBePutIn(instance, part, moment)) return { kind: 'put_in', instance };
    if (instance.state !== 'planned') return planNewInstance(each, moment.now);
    const dueAt = waveDueAt(part, instance.wave, moment);
    const held = { kind: 'wait', instance, until: null } as const;
    if (dueAt !== null && dueAt > moment.now) dues.push(dueAt);
    if (moment.paused || dueAt === null || dueAt > moment.now || !oldAreGone(part)) return held;
    return fitting.has(instance.id) ? { kind: 'start', instance } : held;
  });
  return { steps, dueAt: earliest([...dues, earliestOf(steps)]) };
}

function mayBePutIn({ standby, state }: Instance, part: WorkerRollout, { now, paused }: Moment): boolean {
  return standby && state === 'healthy' && !paused && isProven(part, now);
}

/** Where two may not run at once, nothing starts before the old are gone, also those on a host that does not answer. */
function oldAreGone(part: WorkerRollout): boolean {
  return !isOldFirst(part) || part.old.length === 0;
}

/** Whether the old go first; where nothing takes their place there is no hurry, and a revert has less to put back. */
function isOldFirst({ spec, fresh, retries }: WorkerRollout): boolean {
  return spec.policy.strategy === 'recreate' && fresh.length + retries.length > 0;
}

/** What may be said of the old of one worker. */
export interface Retirement {
  /** The deploy that was current when the rollout began; null for none. */
  readonly currentDeployId: string | null;
  /** Whether the new instances of every worker are proven and take traffic. */
  readonly allProven: boolean;
}

/** The old instances that should be stopped now, and when the next one is due. */
export function oldToStop(
  part: WorkerRollout,
  moment: Moment,
  { currentDeployId, allProven }: Retirement,
): { readonly stop: readonly Instance[]; readonly dueAt: number | null } {
  const dues: (number | null)[] = [];
  const stop = part.old.flatMap(({ instance }) => {
    if (instance.desired === 'stopped') return [];
    const useless =
      instance.state === 'failed' || (instance.state !== 'healthy' && instance.deployId !== currentDeployId);
    if (useless || isOldFirst(part)) return moment.paused && !useless ? [] : [instance];
    const at = moment.paused ? null : replacedAt(part, instance, { moment, allProven });
    dues.push(at);
    return at !== null && at <= moment.now ? [instance] : [];
  });
  return { stop, dueAt: earliest(dues.filter((at) => at !== null && at > moment.now)) };
}

/** When routers know what takes the place of an old instance; null while that is not known. */
function replacedAt(
  part: WorkerRollout,
  old: Instance,
  { moment, allProven }: { moment: Moment; allProven: boolean },
): number | null {
  const together = part.spec.policy.strategy === 'blue_green' && part.fresh.length > 0;
  const successors = together ? part.fresh : part.fresh.filter(({ instance }) => instance.slot === old.slot);
  if (part.retries.some(({ slot }) => together || slot === old.slot)) return null;
  if (successors.length === 0) return allProven ? lastServing(part.fresh, moment) : null;
  if (!successors.every((each) => stands(each, moment.now) && !each.instance.standby)) return null;
  const passed = canaryPassesAt(part, moment);
  return passed === null ? null : Math.max(passed, lastServing(successors, moment));
}

function lastServing(of: readonly ObservedInstance[], { begunAt }: Moment): number {
  return Math.max(begunAt, ...of.map(({ instance }) => servingFrom(instance) ?? 0));
}

function bySlot(one: ObservedInstance, other: ObservedInstance): number {
  return one.instance.wave - other.instance.wave || one.instance.slot - other.instance.slot;
}

/** The earliest of some times, where null is never. */
export function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time): time is number => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
