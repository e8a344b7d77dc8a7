import { defineLifecycle } from '../kernel/lifecycle.js';

/** A reconcile compares what should be with what is, and mends; a preview only compares. */
export const reconcileLifecycle = defineLifecycle('reconcile', 'in_progress', {
  in_progress: ['completed', 'failed'],
  completed: [],
  failed: [],
});

/** State of a reconcile, as on the wire; a `preview` is never stored. */
export type ReconcileState = (typeof reconcileLifecycle.states)[number] | 'preview';
