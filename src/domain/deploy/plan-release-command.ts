import type { InstanceFailure, Observation } from '../instance/instance.js';
import { signalOf } from '../instance/signal-of.js';
import type { ReleaseCommandRun } from './deploy-lifecycle.js';

/** What is known of a deploy's release command: what is written of it, and what Docker says of its container. */
export interface ReleaseCommandSnapshot {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What is written; null before it was begun. */
  readonly run: ReleaseCommandRun | null;
  /** Since when the deploy waits for it, in milliseconds since 1970. */
  readonly waitingSince: number;
  readonly timeoutSeconds: number;
  /** Its container; `unknown` while its host does not answer, and before there is a host. */
  readonly container: Observation['container'];
  /** Of a container that ended; null also for one that was made and never started. */
  readonly exitCode: number | null;
}

/** The next thing to do for it. */
export type ReleaseCommandStep =
  /** Choose a host, fetch the image, write down that it runs, and start it. */
  | { readonly kind: 'begin' }
  /** Start it where it is written that it runs: it never began there. */
  | { readonly kind: 'start' }
  /** It ended by itself. */
  | { readonly kind: 'end'; readonly exitCode: number }
  /** It takes too long. */
  | { readonly kind: 'stop'; readonly cause: string }
  | { readonly kind: 'wait'; readonly until: number | null }
  | { readonly kind: 'go_on' }
  | { readonly kind: 'give_up' };

/**
 * Decides what comes next. What is written comes before the container: a container that is not there, on a host that
 * answers, was therefore never made, or somebody removed it, and is started under the same name, of which Docker holds
 * one only. While its host is silent nobody knows, and it is not started anywhere else.
 */
export function planReleaseCommand(snapshot: ReleaseCommandSnapshot): ReleaseCommandStep {
  const { run, container, exitCode, now } = snapshot;
  if (run?.state === 'succeeded') return { kind: 'go_on' };
  if (run?.state === 'failed') return { kind: 'give_up' };
  if (run !== null && container === 'exited' && exitCode !== null) return { kind: 'end', exitCode };
  const deadline = deadlineOf(snapshot);
  if (now >= deadline) return { kind: 'stop', cause: lateSentence(snapshot) };
  if (run === null) return { kind: 'begin' };
  if (container === 'running' || container === 'unknown') return { kind: 'wait', until: deadline };
  return { kind: 'start' };
}

/** Decides what comes next when the deploy is canceled: its container has to be gone. A silent host is not waited for longer than the command itself. */
export function planTakingBack(snapshot: ReleaseCommandSnapshot): ReleaseCommandStep {
  const { run, container, now } = snapshot;
  if (run === null || run.state !== 'running') return { kind: 'go_on' };
  const deadline = deadlineOf(snapshot);
  if (container === 'unknown' && now < deadline) return { kind: 'wait', until: deadline };
  return { kind: 'stop', cause: 'the deploy was canceled while the release command ran' };
}

/** Why a release command that ended did not work: `ended with exit code 137 (SIGKILL): Killed`. */
export function exitCause(end: { exitCode: number; outOfMemory: boolean }, lines: readonly string[]): string {
  const signal = signalOf(end.exitCode);
  const why = end.outOfMemory ? ' (it ran out of memory)' : signal === null ? '' : ` (${signal})`;
  const last = lines.findLast((line) => line.trim() !== '');
  const words = last === undefined ? ', and printed nothing' : `: ${last.trim()}`;
  return `the release command ended with exit code ${end.exitCode}${why}${words}`;
}

/** Lines of its output that are kept with the failure. */
const LAST_LINES = 50;

/** Why it failed, as data. */
export function releaseFailure(
  cause: string,
  end: { readonly exitCode: number | null; readonly outOfMemory: boolean },
  lines: readonly string[],
): InstanceFailure {
  const kind = end.exitCode === null ? 'not_started' : 'exited';
  const checks = { lastCheck: null, lastChecks: [] };
  return { cause, kind, ...end, signal: signalOf(end.exitCode), ...checks, lastLines: lines.slice(-LAST_LINES) };
}

/** The container of a deploy's release command: `sample-production-release-d42`. No instance's name has this form. */
export function releaseContainerName(app: string, environment: string, deployId: string): string {
  return `${app}-${environment}-${RELEASE_WORKER}-d${deployId}`;
}

/** What stands in the place of the worker's name in the labels of its container. */
export const RELEASE_WORKER = 'release';

/** What stands in the place of the slot: instances have 1 and up. */
export const RELEASE_SLOT = 0;

function deadlineOf({ run, waitingSince, timeoutSeconds }: ReleaseCommandSnapshot): number {
  return (run?.startedAt ?? waitingSince) + timeoutSeconds * 1000;
}

function lateSentence({ run, container, timeoutSeconds }: ReleaseCommandSnapshot): string {
  if (run === null) return `the release command could not be begun within ${timeoutSeconds} s`;
  const silent = container === 'unknown' ? `; host ${run.host}, where it began, does not answer` : '';
  return `the release command did not end within ${timeoutSeconds} s${silent}`;
}
