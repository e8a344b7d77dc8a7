import type { Context } from './context.js';
import type { ExitCode } from './exit-codes.js';
import type { Given } from './given.js';

/** A word that a verb takes. */
export interface Argument {
  /** In capitals, as the help shows it: `APP`. */
  readonly name: string;
  readonly about: string;
  readonly optional?: true;
  /** Whether it takes all words that are left. */
  readonly many?: true;
}

/** An option of a verb. */
export interface Option {
  /** As commander reads it: `-f, --follow`, `--tail COUNT`, `--no-wait`. */
  readonly flags: string;
  readonly about: string;
  /** Whether it may be said more than once; each value is kept. */
  readonly many?: true;
}

/** What a verb does. It returns the exit code, or nothing for 0; it throws a `Fault` for every expected failure. */
export type Run = (context: Context, given: Given) => Promise<ExitCode | void>;

/**
 * A verb, without its code: that is read only when the verb is asked for, so that the program starts fast. A file of
 * verbs imports types alone, and whatever it runs by `load: async () => (await import('./live/deploy.js')).deploy`.
 */
export interface Verb {
  /** `deploy`, or `releases:info`, which may be typed with a space too. */
  readonly name: string;
  /** One line for the list. */
  readonly about: string;
  /** More for its own help and the page in the docs. */
  readonly more?: string;
  readonly takes?: readonly Argument[];
  readonly options?: readonly Option[];
  /** Whether options after the first word belong to that word's command: `run ls -l`. */
  readonly passThrough?: true;
  /** Command lines without `jockey`, the plainest first. */
  readonly examples?: readonly string[];
  /** Operations of the API that it may call, by `operationId`; empty where it stays on this machine. */
  readonly calls: readonly string[];
  /** What `--json` prints: the name of a schema of docs/openapi.json, `[]` behind it for a list, or words. */
  readonly json: string;
  load(): Promise<Run>;
}
