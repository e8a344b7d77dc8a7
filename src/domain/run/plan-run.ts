import type { RunKind, RunState, RunStopReason } from './run-lifecycle.js';

/** What is known of a run: what is written of it, and what Docker says. Times in milliseconds since 1970. */
export interface RunSnapshot {
  readonly now: number;
  readonly kind: RunKind;
  readonly state: RunState;
  /** Whether somebody has to be connected to it, because it has a terminal or an input. */
  readonly needsConsole: boolean;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly consoleSeenAt: number | null;
  readonly canceled: boolean;
  /** What was decided already about its end. */
  readonly stop: { readonly reason: RunStopReason; readonly at: number } | null;
  /** Whether it was looked for a place and there was none. */
  readonly lacksRoom: boolean;
  /** Its container, or what is run in one; `created`: made, and never begun. */
  readonly seen: 'created' | 'running' | 'exited' | 'absent' | 'unknown';
  readonly exitCode: number | null;
  /** In milliseconds. */
  readonly limits: { readonly run: number; readonly room: number; readonly console: number };
}

/** The next thing to do for a run. */
export type RunStep =
  /** Find a host with room, and write it down. */
  | { readonly kind: 'place' }
  /** Make it, where it is written that it is, and begin it. */
  | { readonly kind: 'start' }
  /** It runs: write that down. */
  | { readonly kind: 'began' }
  /** Write down that it is to end, and why. */
  | { readonly kind: 'stop'; readonly because: RunStopReason }
  | { readonly kind: 'signal'; readonly signal: 'SIGTERM' | 'SIGKILL' }
  /** It ended by itself, or after a signal. */
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** It ended before it began. */
  | { readonly kind: 'drop'; readonly because: RunStopReason | 'no_room' }
  /** Nobody knows how it ended. */
  | { readonly kind: 'lose'; readonly because: 'gone' | 'silent' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'none' };

/** How long a program may take to end after its stop signal, in milliseconds: that of Docker itself. */
export const STOP_GRACE = 10_000;

/** How long a host that does not answer is waited for when all is over, in milliseconds. */
export const SILENCE = 60_000;

/**
 * Decides what comes next. Where it runs is written before its container is made, and under one name, so that whoever
 * goes on after a killed engine finds that container and makes no second one; one that has ended is never begun again.
 */
export function planRun(run: RunSnapshot): RunStep {
  if (run.state === 'waiting') return planWaiting(run);
  if (run.state !== 'starting' && run.state !== 'running') return { kind: 'none' };
  if (run.state === 'starting' && (run.seen === 'running' || run.seen === 'exited')) return { kind: 'began' };
  if (run.seen === 'exited' && run.exitCode !== null) return { kind: 'exited', exitCode: run.exitCode };
  if (run.seen === 'absent' && run.state === 'running') return { kind: 'lose', because: 'gone' };
  if (run.stop !== null) return planStop(run, run.stop);
  const because = whyStop(run);
  if (because !== null) return { kind: 'stop', because };
  if (run.seen === 'running' || run.seen === 'unknown') return { kind: 'wait' };
  return isBegunElsewhere(run) ? { kind: 'wait' } : { kind: 'start' };
}

function planWaiting(run: RunSnapshot): RunStep {
  const because = whyStop(run);
  if (because !== null) return { kind: 'drop', because };
  if (isBegunElsewhere(run)) return { kind: 'wait' };
  if (run.kind === 'exec') return { kind: 'start' };
  if (run.lacksRoom && run.now >= run.createdAt + run.limits.room) return { kind: 'drop', because: 'no_room' };
  return { kind: 'place' };
}

/** What never began is not made any more, so there is nothing to signal. */
function planStop(run: RunSnapshot, { reason, at }: NonNullable<RunSnapshot['stop']>): RunStep {
  if (run.seen === 'absent' || run.seen === 'created') return { kind: 'drop', because: reason };
  if (run.seen === 'unknown') return run.now >= at + SILENCE ? { kind: 'lose', because: 'silent' } : { kind: 'wait' };
  return { kind: 'signal', signal: run.now >= at + STOP_GRACE ? 'SIGKILL' : 'SIGTERM' };
}

function whyStop(run: RunSnapshot): RunStopReason | null {
  if (run.canceled) return 'canceled';
  if (run.now >= (run.startedAt ?? run.createdAt + run.limits.room) + run.limits.run) return 'timed_out';
  const seen = Math.max(run.createdAt, run.startedAt ?? 0, run.consoleSeenAt ?? 0);
  return run.needsConsole && run.now >= seen + run.limits.console ? 'abandoned' : null;
}

/** What is typed to in an instance is begun by who connects to it: its connection cannot be taken over. */
const isBegunElsewhere = ({ kind, needsConsole }: RunSnapshot): boolean => kind === 'exec' && needsConsole;
