import { defineLifecycle } from '../kernel/lifecycle.js';

/**
 * A command that is run once. `waiting`: it has no place yet, or nobody is connected to it; `starting`: its place is
 * written down, and its container is made; `running`: it runs; `exited`: it ended by itself, with whatever exit code;
 * `failed`: it could not be started, was ended by a limit, or was lost with its host; `canceled`: somebody ended it.
 */
export const runLifecycle = defineLifecycle('run', 'waiting', {
  waiting: ['starting', 'failed', 'canceled'],
  starting: ['running', 'failed', 'canceled'],
  running: ['exited', 'failed', 'canceled'],
  exited: [],
  failed: [],
  canceled: [],
});

/** State of a run, as on the wire. */
export type RunState = (typeof runLifecycle.states)[number];

/** `one_off`: a container of its own; `exec`: a process in the container of an instance. */
export const RUN_KINDS = ['one_off', 'exec'] as const;

/** One of {@link RUN_KINDS}. */
export type RunKind = (typeof RUN_KINDS)[number];

/**
 * How a run ended, finer than its state. `succeeded`: exit code 0; `failed`: another one, or it never began;
 * `out_of_memory`, `timed_out`: a limit ended it; `lost`: its container or its host is gone.
 */
export const RUN_OUTCOMES = ['succeeded', 'failed', 'out_of_memory', 'timed_out', 'canceled', 'lost'] as const;

/** How a run ended. */
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** Why a run is ended by Jockey: somebody said so, nobody is connected to it, or its time is over. */
export type RunStopReason = 'canceled' | 'abandoned' | 'timed_out';
