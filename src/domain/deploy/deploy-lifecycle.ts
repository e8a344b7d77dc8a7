import type { InstanceFailure } from '../instance/instance.js';
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
  'canceled',
  'release_command_failed',
  'image_gone',
  'revert_incomplete',
  'config_unreadable',
] as const;

/**
 * `reverted`: an instance failed, the new ones were taken away and the old serve on; `timed_out`: the same, because
 * the health deadline passed; `superseded`: another deploy took its place; `not_placed`: no room, nothing was started; `canceled`: taken back
 * because somebody said so; `release_command_failed`: it ended before anything was moved; `image_gone`: neither the
 * registry nor a host has the image; `revert_incomplete`: it failed, and what was there could not be put back in time:
 * the reconcile goes on with it; `config_unreadable`: a secret of its variables cannot be opened, nothing was started.
 */
export type DeployOutcome = (typeof DEPLOY_OUTCOMES)[number];

/** Why there is a deploy: a commit was asked for, an earlier release, one of another environment, or other variables. */
export const DEPLOY_KINDS = ['deploy', 'rollback', 'promotion', 'config'] as const;

/** One of {@link DEPLOY_KINDS}. */
export type DeployKind = (typeof DEPLOY_KINDS)[number];

/** What becomes of deploys that wait for the one in progress: only the newest is run, or all, one after the other. */
export const QUEUE_MODES = ['latest_wins', 'all_in_order'] as const;

/** One of {@link QUEUE_MODES}. */
export type QueueMode = (typeof QUEUE_MODES)[number];

/** The release command of a deploy: run once, in the new image, before anything is moved. */
export interface ReleaseCommandRun {
  readonly state: 'running' | 'succeeded' | 'failed';
  readonly host: string;
  readonly containerName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** When it ended; null while it runs. */
  readonly endedAt: number | null;
  readonly exitCode: number | null;
  /** Of one that failed: why, as data. */
  readonly failure?: InstanceFailure;
}

/** What was seen through a router while the traffic of a deploy moved. */
export interface ProbeResult {
  readonly requests: number;
  readonly failures: number;
  /** In milliseconds; null before the first answer. */
  readonly p99Ms: number | null;
  /** Why the last one that failed did. */
  readonly lastFailure: string | null;
}
