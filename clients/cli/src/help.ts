import { COMMON } from './options.js';
import type { Verb } from './verb.js';

/** What `jockey --help` says: every verb in one line, no wider than the terminal. */
export function helpOfAll(verbs: readonly Verb[], columns: number): readonly string[] {
  const pairs = verbs.map(({ name, about }) => [name, about] as const);
  return [
    'Usage: jockey VERB [words] [options]',
    '',
    'Verbs (`jockey help VERB` says more):',
    ...listed(pairs, columns),
    '',
    'Options of every verb:',
    ...listed(
      COMMON.map(({ flags, about }) => [flags, about] as const),
      columns,
    ),
    '',
    'Exit codes: 0 done, 1 usage, 2 failed and nothing changed, 3 failed and reverted, 4 cannot place,',
    '5 refused, 6 timed out and still running, 7 conflict, 10 changes, 130 interrupted.',
  ].flatMap((line) => wrapped(line, columns));
}

function listed(pairs: readonly (readonly [string, string])[], columns: number): readonly string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  const beside = columns - width - 4 >= 24;
  return pairs.flatMap(([name, about]) => {
    if (!beside) return [`  ${name}`, ...wrapped(about, columns - 4).map((line) => `    ${line}`)];
    const [first = '', ...rest] = wrapped(about, columns - width - 4);
    return [`  ${name.padEnd(width)}  ${first}`, ...rest.map((line) => `${' '.repeat(width + 4)}${line}`)];
  });
}

/** The text in lines of so many columns, broken at spaces; a line that is indented stays as it is. */
function wrapped(text: string, columns: number): readonly string[] {
  if (text.length <= columns || text.startsWith(' ')) return [text];
  const at = text.lastIndexOf(' ', columns);
  if (at <= 0) return [text];
  return [text.slice(0, at), ...wrapped(text.slice(at + 1), columns)];
}
