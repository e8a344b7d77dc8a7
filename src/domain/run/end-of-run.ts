import { signalOf } from '../instance/signal-of.js';
import type { RunOutcome, RunState, RunStopReason } from './run-lifecycle.js';

/** How a run ended. */
export interface RunEnd {
  readonly state: Extract<RunState, 'exited' | 'failed' | 'canceled'>;
  readonly outcome: RunOutcome;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly failureReason: string | null;
}

/** What was seen of a program that ended. */
export interface SeenEnd {
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly stopReason: RunStopReason | null;
  readonly timeLimitSeconds: number;
  /** What it was allowed, in MiB; null where that is its instance's. */
  readonly memoryMb: number | null;
}

/** The end of one whose program ended: by itself, by a limit, or because it was told to. */
export function endOfRun(seen: SeenEnd): RunEnd {
  const { exitCode, stopReason, outOfMemory } = seen;
  const facts = { exitCode, signal: signalOf(exitCode) };
  if (stopReason !== null) return { ...endFor(stopReason, seen.timeLimitSeconds), ...facts };
  if (outOfMemory) {
    const failureReason = `it needed more than the ${seen.memoryMb ?? 'allowed'} MiB of memory that it may use`;
    return { state: 'exited', outcome: 'out_of_memory', ...facts, failureReason };
  }
  if (exitCode === 0) return { state: 'exited', outcome: 'succeeded', ...facts, failureReason: null };
  const by = facts.signal === null ? '' : ` (${facts.signal})`;
  return { state: 'exited', outcome: 'failed', ...facts, failureReason: `it ended with exit code ${exitCode}${by}` };
}

/** The end of one that Jockey ended. */
export function endFor(reason: RunStopReason, timeLimitSeconds: number): RunEnd {
  const facts = { exitCode: null, signal: null };
  switch (reason) {
    case 'canceled':
      return { state: 'canceled', outcome: 'canceled', ...facts, failureReason: 'it was canceled' };
    case 'abandoned':
      return { state: 'canceled', outcome: 'canceled', ...facts, failureReason: 'nobody was connected to it any more' };
    case 'timed_out':
      return {
        ...{ state: 'failed', outcome: 'timed_out', ...facts },
        failureReason: `it did not end within ${timeLimitSeconds} s`,
      };
  }
}

/** The end of one that never began, or of which nobody knows how it ended. */
export function endWithout(outcome: 'failed' | 'lost', failureReason: string): RunEnd {
  return { state: 'failed', outcome, exitCode: null, signal: null, failureReason };
}
