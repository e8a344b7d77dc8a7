import type { ReconcileSnapshot } from '../domain/reconcile/reconcile-snapshot.js';
import type { AppEnvironment } from '../store/repositories/app-environments.js';
import type { Observed } from './observer.js';

/** What a snapshot needs besides what is stored and seen. */
export interface SnapshotTime {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long a lost host's instances wait for it, in milliseconds. */
  readonly graceMs: number;
}

/** What is stored and seen of an app in an environment, as a reconcile is decided from: by the engine and by previews alike. */
export function reconcileSnapshotOf(state: AppEnvironment, observed: Observed, time: SnapshotTime): ReconcileSnapshot {
  return {
    ...time,
    currentDeployId: state.app.deletedAt === null ? (state.current?.id ?? null) : null,
    workers: state.workers,
    lastAttempts: state.lastAttempts,
    instances: observed.instances,
    hosts: observed.standings,
    restarts: state.reconciles.flatMap(({ restart, createdAt }) =>
      restart === null ? [] : [{ ...restart, askedAt: createdAt.getTime() }],
    ),
  };
}
