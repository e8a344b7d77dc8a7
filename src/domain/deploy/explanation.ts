import type { RoomWanted } from '../capacity/room-wanted.js';
import type { Instance } from '../instance/instance.js';
import type { ObservedInstance } from '../instance/plan-instance.js';
import type { WantedWorker } from '../reconcile/reconcile-snapshot.js';
import type { DeployKind, DeployOutcome, DeployState, QueueMode, ReleaseCommandRun } from './deploy-lifecycle.js';

/** The stations of a deploy, in their order. */
export const EXPLAINED_STEPS = [
  'asked',
  'queue',
  'build',
  'engine',
  'placement',
  'release_command',
  'worker',
  'pause',
  'revert',
  'end',
] as const;

/** One of {@link EXPLAINED_STEPS}. */
export type ExplainedStep = (typeof EXPLAINED_STEPS)[number];

/**
 * How a step stands. `current`: it is at work on it; `blocked`: something or somebody else is in the way; `waiting`: its
 * turn has not come.
 */
export const EXPLAINED_STATES = ['done', 'current', 'blocked', 'failed', 'waiting'] as const;

/** One of {@link EXPLAINED_STATES}. */
export type ExplainedState = (typeof EXPLAINED_STATES)[number];

/** What one instance waits for. */
export interface ExplainedInstance {
  readonly instance: Instance;
  readonly sentence: string;
}

/** One station on the way of a deploy. */
export interface ExplainedPart {
  readonly step: ExplainedStep;
  readonly state: ExplainedState;
  /** What is known of it, and where it stands still: the way out. */
  readonly sentence: string;
  /** Milliseconds since 1970; null where nothing has begun. */
  readonly since: number | null;
  /** Milliseconds since 1970 when it ends by itself; null where that is not known. */
  readonly until: number | null;
  /** Of a worker: its name; else null. */
  readonly worker: string | null;
  /** Of a worker: its new instances that do not serve yet. */
  readonly instances: readonly ExplainedInstance[];
}

/** The ordered answer to "why is it not where I asked". */
export interface Explanation {
  /** One sentence. */
  readonly answer: string;
  readonly steps: readonly ExplainedPart[];
}

/** Who holds a lease, or held it last. */
export interface LeaseHolder {
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** When it runs out, if it is not renewed; in the past for one that was given back or lost. */
  readonly until: number;
}

/** What is known of the deploy itself; times are milliseconds since 1970. */
export interface ExplainedDeploy {
  readonly id: string;
  readonly app: string;
  readonly environment: string;
  readonly sha: string;
  readonly kind: DeployKind;
  readonly state: DeployState;
  readonly outcome: DeployOutcome | null;
  readonly failureReason: string | null;
  readonly queued: boolean;
  readonly automatic: boolean;
  readonly createdAt: number;
  readonly completedAt: number | null;
  readonly cancelRequestedAt: number | null;
  readonly deployingAt: number | null;
  readonly failingAt: number | null;
  readonly pausedAt: number | null;
  readonly pausedBecause: string | null;
  readonly continuedAt: number | null;
  readonly releaseCommand: ReleaseCommandRun | null;
}

/** What is known of its build. */
export interface ExplainedBuild {
  readonly id: string;
  readonly state: 'in_progress' | 'completed' | 'failed';
  readonly host: string | null;
  readonly failureReason: string | null;
  readonly createdAt: number;
  readonly completedAt: number | null;
  /** Null while no engine works on it. */
  readonly lease: LeaseHolder | null;
}

/** What a deploy waits for that found no place, and the pool that hosts may come to. */
export interface ExplainedRoom {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly wanted: readonly RoomWanted[];
  /** Null where its pool was deleted meanwhile. */
  readonly pool: {
    readonly id: string;
    readonly desired: number;
    readonly max: number;
    /** Why it is as big as it is, a sentence. */
    readonly reason: string | null;
    readonly trouble: string | null;
    /** How long a deploy waits in it. */
    readonly waitSeconds: number;
  } | null;
}

/** All that an explanation is made from. */
export interface DeployFacts {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly deploy: ExplainedDeploy;
  /** The deploy in progress that stands before it; null for none. */
  readonly before: { readonly id: string; readonly state: DeployState; readonly since: number } | null;
  readonly queueMode: QueueMode;
  /** What keeps automatic deploys out; null for nothing. */
  readonly hold: { readonly reason: string; readonly since: number } | null;
  readonly build: ExplainedBuild | null;
  /** Who works on the app in the environment; null where nobody ever did. */
  readonly engine: LeaseHolder | null;
  /** What it waits for room for; null where it does not. */
  readonly room: ExplainedRoom | null;
  /** Whether the app has a release command. */
  readonly hasReleaseCommand: boolean;
  /** The workers as they are rolled out. */
  readonly workers: readonly WantedWorker[];
  /** The last instance of each of its slots, beside what Consul says of its check. */
  readonly fresh: readonly ObservedInstance[];
  /** Living instances of other deploys. */
  readonly old: readonly Instance[];
  /** Why Consul does not say how the checks stand; null when it does. */
  readonly consulSilentBecause: string | null;
}

/** A part with nothing but what is given. */
export function part(
  given: Pick<ExplainedPart, 'step' | 'state' | 'sentence'> & Partial<ExplainedPart>,
): ExplainedPart {
  return { since: null, until: null, worker: null, instances: [], ...given };
}

/** A time as it stands in sentences: ISO 8601, UTC. */
export function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Whether nothing more happens to a deploy by itself. */
export function isSettled({ state }: Pick<ExplainedDeploy, 'state'>): boolean {
  return state === 'deployed' || state === 'failed' || state === 'stopped';
}

/** Whether it stands still until somebody says continue or cancel. */
export function isPaused(deploy: Pick<ExplainedDeploy, 'state' | 'pausedAt' | 'continuedAt' | 'failingAt'>): boolean {
  const { pausedAt, continuedAt, failingAt } = deploy;
  if (pausedAt === null || failingAt !== null || isSettled(deploy)) return false;
  return continuedAt === null || continuedAt < pausedAt;
}

/** Whether its release command has to end before anything is started. What comes back ran it once already. */
export function awaitsReleaseCommand({ deploy, hasReleaseCommand }: DeployFacts): boolean {
  if (!hasReleaseCommand || deploy.kind === 'rollback' || isSettled(deploy)) return false;
  return deploy.releaseCommand?.state !== 'succeeded';
}
