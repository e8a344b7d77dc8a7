import type { Instance } from '../instance/instance.js';
import { earliestOf, planInstance, type InstanceStep, type ObservedInstance } from '../instance/plan-instance.js';

/** All that a rollout is decided from. */
export interface RolloutSnapshot {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The deploy that is rolled out. */
  readonly deployId: string;
  /** Whether it is known to have failed: it is then only taken back. */
  readonly failing: boolean;
  /** Every living instance of the app in the environment, the new ones and the old. */
  readonly instances: readonly ObservedInstance[];
}

/** What is to be done now. */
export interface RolloutPlan {
  /** Instances that should be stopped from now on. */
  readonly stop: readonly Instance[];
  readonly steps: readonly InstanceStep[];
  /** `failing` names the first instance that proves it; `failed` and `succeeded` are the end. */
  readonly verdict:
    | { readonly kind: 'in_progress' | 'succeeded' | 'failed' }
    | { readonly kind: 'failing'; readonly instance: Instance };
  /** When to look again even if nothing happens; null for never. */
  readonly lookAgainAt: number | null;
}

/**
 * Decides the next steps of a rollout, start-first: all new instances are started and proven healthy before one old
 * instance is taken out; the first failed new instance takes back all new ones, and the old are not touched.
 */
export function planRollout(snapshot: RolloutSnapshot): RolloutPlan {
  const fresh = snapshot.instances.filter(({ instance }) => instance.deployId === snapshot.deployId);
  const old = snapshot.instances.filter(({ instance }) => instance.deployId !== snapshot.deployId);
  const leaving = old.filter(({ instance }) => instance.desired === 'stopped');
  const broken = fresh.find(({ instance }) => instance.state === 'failed')?.instance;
  if (snapshot.failing) return takeBack(fresh, snapshot.now);
  if (broken !== undefined) return { ...takeBack(fresh, snapshot.now), verdict: { kind: 'failing', instance: broken } };
  if (!fresh.every(({ instance }) => instance.state === 'healthy')) return moveOn([...fresh, ...leaving], snapshot.now);
  return retire(old, snapshot.now);
}

function moveOn(moving: readonly ObservedInstance[], now: number): RolloutPlan {
  const steps = moving.map((each) => planInstance(each, now));
  return { stop: [], steps, verdict: { kind: 'in_progress' }, lookAgainAt: earliestOf(steps) };
}

function takeBack(fresh: readonly ObservedInstance[], now: number): RolloutPlan {
  const { done, ...plan } = windDown(fresh, now);
  return { ...plan, verdict: { kind: done ? 'failed' : 'in_progress' } };
}

function retire(old: readonly ObservedInstance[], now: number): RolloutPlan {
  const { done, ...plan } = windDown(old, now);
  return { ...plan, verdict: { kind: done ? 'succeeded' : 'in_progress' } };
}

/**
 * Stops instances. One on a host that does not answer does not hold up the end: it stays desired as stopped, out of
 * traffic by its node's own check in Consul, and is removed when the host is back.
 */
function windDown(group: readonly ObservedInstance[], now: number): Omit<RolloutPlan, 'verdict'> & { done: boolean } {
  const stop = group.flatMap(({ instance }) => (instance.desired === 'running' ? [instance] : []));
  const steps = group.map(({ instance, seen }) =>
    planInstance({ instance: { ...instance, desired: 'stopped' }, seen }, now),
  );
  const reachable = group.filter(({ instance, seen }) => instance.state !== 'stopped' && seen.container !== 'unknown');
  return { stop, steps, lookAgainAt: earliestOf(steps), done: reachable.length === 0 };
}
