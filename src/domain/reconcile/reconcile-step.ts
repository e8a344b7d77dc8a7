import type { ReconcilePlan } from './plan-reconcile.js';

/** One thing that a reconcile does, as it is kept and as it stands on the wire. */
export interface ReconcileStep {
  readonly action: 'start' | 'stop' | 'restart';
  /** Name of the app. */
  readonly app: string;
  /** Name of the worker. */
  readonly worker: string;
  readonly slot: number;
  /** Null for an instance that has no place yet. */
  readonly host: string | null;
  /** Name of the container; null for one that is not there yet. */
  readonly instance: string | null;
  /** Why, in one sentence. */
  readonly because: string;
}

/** A plan in words: what stops, what starts, and what is made again in its place. */
export function stepsOf({ stop, start, steps }: ReconcilePlan, app: string): ReconcileStep[] {
  const stops = stop.map(({ instance: { spec, slot, host, containerName }, because }) => {
    return { action: 'stop' as const, app, worker: spec.name, slot, host, instance: containerName, because };
  });
  const starts = start
    .filter(({ predecessor }) => predecessor === null)
    .map(({ worker: { spec }, slot, because }) => {
      return { action: 'start' as const, app, worker: spec.name, slot, host: null, instance: null, because };
    });
  const exchanges = start.flatMap(({ predecessor, onlyHost, because }) => {
    if (predecessor === null) return [];
    const { spec, slot, host, containerName } = predecessor;
    const words = onlyHost === null ? because : `moves to ${onlyHost}: ${because}`;
    return [
      { action: 'restart' as const, app, worker: spec.name, slot, host, instance: containerName, because: words },
    ];
  });
  const restarts = steps.flatMap(({ kind, instance: { state, spec, slot, host, containerName } }) => {
    if (kind !== 'start' || state !== 'healthy') return [];
    const because = 'its container or its entry in Consul is gone';
    return [{ action: 'restart' as const, app, worker: spec.name, slot, host, instance: containerName, because }];
  });
  return [...stops, ...starts, ...exchanges, ...restarts];
}
