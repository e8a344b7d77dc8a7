import { invalid } from '../kernel/errors.js';

type Quote = '"' | "'" | null;

/** What a backslash takes the meaning from within double quotes; before anything else it is a plain character. */
const ESCAPED_IN_DOUBLE_QUOTES = '"\\$`';

/**
 * A worker's command as an argument array, read as a POSIX shell reads words (quotes and backslashes, nothing else):
 * no shell ever sees it, so variables, pipes and `;` are plain characters.
 */
export function splitCommand(command: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: Quote = null;
  for (let i = 0; i < command.length; i += 1) {
    const char = command.charAt(i);
    if (char === '\\' && escapes(command.charAt(i + 1), quote)) {
      i += 1;
      word = (word ?? '') + command.charAt(i);
    } else if (quote !== null) {
      if (char === quote) quote = null;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== null) throw invalid('command', `has an opening ${quote} without its closing one.`);
  if (word !== null) words.push(word);
  return words;
}

function escapes(next: string, quote: Quote): boolean {
  if (quote === "'") return false;
  if (next === '') throw invalid('command', 'ends with a backslash that escapes nothing; write two for a plain one.');
  return quote === null || ESCAPED_IN_DOUBLE_QUOTES.includes(next);
}
