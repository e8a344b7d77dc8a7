import { defineLifecycle } from '../kernel/lifecycle.js';

/**
 * What is known of one container in one slot. `planned`: a place is reserved; `started`: the container runs and its
 * host's Consul agent checks it; `healthy`: the check passes; `draining`: out of Consul, ending its requests;
 * `failed`: proven not to work, its container still to be removed; `stopped`: nothing of it is left.
 */
export const instanceLifecycle = defineLifecycle('instance', 'planned', {
  planned: ['started', 'failed', 'stopped'],
  started: ['healthy', 'draining', 'failed', 'stopped'],
  healthy: ['draining', 'failed', 'stopped'],
  draining: ['stopped'],
  failed: ['stopped'],
  stopped: [],
});

/** State of an instance. */
export type InstanceState = (typeof instanceLifecycle.states)[number];

/**
 * What should be with an instance, apart from what is. `replace`: it serves until its successor in the same slot is
 * healthy. Moves forward only: from `running` over `replace` to `stopped`.
 */
export type InstanceDesire = 'running' | 'replace' | 'stopped';
