import { defineLifecycle } from '../kernel/lifecycle.js';

/** A build is under way until its image is in the registry, or it is proven that it will not be. */
export const buildLifecycle = defineLifecycle('build', 'in_progress', {
  in_progress: ['completed', 'failed'],
  completed: [],
  failed: [],
});

/** State of a build, as on the wire. */
export type BuildState = (typeof buildLifecycle.states)[number];
