import type { Instance } from '../instance/instance.js';
import type { InstanceStep } from '../instance/plan-instance.js';
import { canaryPassesAt, stands, waveDueAt, type Moment, type WorkerRollout } from './worker-rollout.js';

/** An instance that nothing comes forward with, and since when. */
export interface Stuck {
  readonly instance: Instance;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a worker's standstill is judged by. */
export interface Standstill {
  readonly moment: Moment;
  readonly steps: readonly InstanceStep[];
  /** Whether canaries of any worker are watched: who has no room meanwhile may be waiting for what they will free. */
  readonly watching: boolean;
}

/**
 * The instance of a worker that has come forward least for the longest time; null while all is well. What is held back
 * on purpose (a later wave, a pause) does not count, nor what can be done right now: who looks late must not fail it.
 */
export function stuckSince(part: WorkerRollout, { moment, steps, watching }: Standstill): Stuck | null {
  if (moment.paused) return null;
  const forward = part.fresh.flatMap(({ instance }) => [instance.healthyAt ?? 0, instance.liveAt ?? 0]);
  const last = Math.max(moment.begunAt, ...forward);
  const able = new Set(steps.filter(({ kind }) => kind !== 'wait').map(({ instance }) => instance.id));
  const late = part.fresh.flatMap((each): Stuck[] => {
    const { instance, seen } = each;
    if (stands(each, moment.now) && !instance.standby) return [];
    if (able.has(instance.id) && (instance.state === 'planned' || seen.container === 'running')) return [];
    if (instance.state === 'planned' && watching) return [];
    const dueAt = waveDueAt(part, instance.wave, moment);
    return dueAt === null || dueAt > moment.now ? [] : [{ instance, at: Math.max(dueAt, last) }];
  });
  const untried = part.retries.map((instance) => ({ instance, at: Math.max(instance.endedAt ?? 0, last) }));
  return [...late, ...untried].sort(byTime)[0] ?? null;
}

/** Whether the canaries of a worker are proven, and only their pause holds the rest. */
export function isWatching(part: WorkerRollout, moment: Moment): boolean {
  if (part.spec.policy.strategy !== 'canary') return false;
  const passed = canaryPassesAt(part, moment);
  return passed === null || passed > moment.now;
}

function byTime(one: Stuck, other: Stuck): number {
  const { instance: first } = one;
  const { instance: second } = other;
  return one.at - other.at || first.wave - second.wave || first.slot - second.slot || first.attempt - second.attempt;
}
