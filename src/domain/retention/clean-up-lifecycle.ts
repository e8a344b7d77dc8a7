import { defineLifecycle } from '../kernel/lifecycle.js';

/** A clean-up is asked for, by somebody or by the time that passed, and then run by one engine. */
export const cleanUpLifecycle = defineLifecycle('clean-up', 'requested', {
  requested: ['running', 'failed'],
  running: ['completed', 'failed'],
  completed: [],
  failed: [],
});

/** State of a clean-up, as on the wire. */
export type CleanUpState = (typeof cleanUpLifecycle.states)[number];
