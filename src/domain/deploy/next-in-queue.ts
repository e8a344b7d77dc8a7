import type { DeployKind } from './deploy-lifecycle.js';

/** A deploy that waits. */
export interface WaitingDeploy {
  readonly kind: DeployKind;
}

/** Whose turn it is. */
export interface NextInQueue<T> {
  readonly next: T | null;
  /** Those that it makes needless. */
  readonly superseded: readonly T[];
}

/**
 * The oldest, or where the latest wins the newest. A deploy of other variables never takes the place of one that has
 * something of its own to roll out: that one brings the variables too, unless it is a rollback, which has its own.
 */
export function nextInQueue<T extends WaitingDeploy>(waiting: readonly T[], latestWins: boolean): NextInQueue<T> {
  if (!latestWins) return { next: waiting[0] ?? null, superseded: [] };
  const own = waiting.filter(({ kind }) => kind !== 'config');
  const next = own.at(-1) ?? waiting.at(-1) ?? null;
  const needless = (each: T): boolean => each !== next && (each.kind !== 'config' || next?.kind !== 'rollback');
  return { next, superseded: waiting.filter(needless) };
}
