import { defineLifecycle } from '../kernel/lifecycle.js';

/** States of a deploy, closed: old clients wait for `deployed` or `failed`. `stopped` is a deploy that a later one replaced. */
export const deployLifecycle = defineLifecycle('deploy', 'created', {
  created: ['building', 'deploying', 'failed'],
  building: ['deploying', 'failed'],
  deploying: ['deployed', 'failed'],
  deployed: ['stopped'],
  failed: [],
  stopped: [],
});

/** State of a deploy, as on the wire. */
export type DeployState = (typeof deployLifecycle.states)[number];

/** The states in which a deploy is in progress, and holds its app in its environment. */
export const IN_PROGRESS_DEPLOY_STATES = ['created', 'building', 'deploying'] as const satisfies readonly DeployState[];

/** What is finer than the state; null while in progress. */
export const DEPLOY_OUTCOMES = [
  'succeeded',
  'build_failed',
  'not_placed',
  'timed_out',
  'reverted',
  'superseded',
] as const;

/**
 * `reverted`: an instance failed, the new ones were taken away and the old serve on; `timed_out`: the same, because
 * the health deadline passed; `superseded`: a forced deploy took its place; `not_placed`: no room, nothing was started.
 */
export type DeployOutcome = (typeof DEPLOY_OUTCOMES)[number];
