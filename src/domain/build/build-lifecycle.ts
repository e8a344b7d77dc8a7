import { defineLifecycle } from '../kernel/lifecycle.js';

/** A build is under way until its image is in the registry, or it is proven that it will not be. */
export const buildLifecycle = defineLifecycle('build', 'in_progress', {
  in_progress: ['completed', 'failed'],
  completed: [],
  failed: [],
});

/** State of a build, as on the wire. */
export type BuildState = (typeof buildLifecycle.states)[number];

/** Where a build in progress has come to; `settled` when it is over. */
export const BUILD_PHASES = ['queued', 'preparing', 'building', 'pushing', 'settled'] as const;

/** Where a build has come to. */
export type BuildPhase = (typeof BUILD_PHASES)[number];

/** How a build ended, finer than its state. Only `succeeded` is `completed`; all others are `failed`. */
export const BUILD_OUTCOMES = ['succeeded', 'failed', 'canceled', 'superseded', 'timed_out', 'host_lost'] as const;

/** How a build ended. */
export type BuildOutcome = (typeof BUILD_OUTCOMES)[number];
