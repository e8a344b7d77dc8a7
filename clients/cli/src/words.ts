import { usage } from './errors.js';
import { nearest } from './nearest.js';
import { COMMON, takesValue, wordsOf } from './options.js';

/** Options that take a word behind them, by both of their names. */
const WITH_VALUE: ReadonlySet<string> = new Set(COMMON.filter(takesValue).flatMap(wordsOf));

/** A command line, taken apart. */
export interface CommandLine {
  /** Null where only options were typed. */
  readonly verb: string | null;
  /** All other words, those before the verb first. */
  readonly words: readonly string[];
}

/**
 * Finds the verb in a command line: behind options, and in two words as well as with a colon, so that `config set` is
 * `config:set`. Throws a usage fault, with the nearest verb, for what is none.
 */
export function readCommandLine(line: readonly string[], verbs: readonly string[]): CommandLine {
  const at = indexOfVerb(line);
  const typed = line[at];
  if (typed === undefined) return { verb: null, words: line };
  const joined = `${typed}:${line[at + 1] ?? ''}`;
  const taken = verbs.includes(joined) ? 2 : 1;
  const verb = taken === 2 ? joined : typed;
  if (!verbs.includes(verb)) throw unknownVerb(typed, line[at + 1], verbs);
  return { verb, words: [...line.slice(0, at), ...line.slice(at + taken)] };
}

function indexOfVerb(line: readonly string[]): number {
  let at = 0;
  while (at < line.length && line[at]?.startsWith('-') === true) at += WITH_VALUE.has(line[at] ?? '') ? 2 : 1;
  return at;
}

function unknownVerb(typed: string, next: string | undefined, verbs: readonly string[]): Error {
  const near = nearest(typed, verbs) ?? (next === undefined ? null : nearest(`${typed}:${next}`, verbs));
  const hint = near === null ? '`jockey help` lists the verbs.' : `Did you mean \`jockey ${near}\`?`;
  return usage(`There is no verb "${typed}".`, hint);
}
