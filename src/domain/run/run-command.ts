import { invalid } from '../kernel/errors.js';
import { splitCommand } from '../worker/split-command.js';

/** Words and characters of a command at the most: far more than a person types, far less than a kernel refuses. */
const MOST_WORDS = 256;
const MOST_CHARACTERS = 8192;

/** What is wrong with a command as it was sent, as a predicate; null for nothing that shows before it is split. */
export function commandFault(value: unknown): string | null {
  const words = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(words) || !words.every((word): word is string => typeof word === 'string'))
    return 'should be a text, or a list of texts: the program and its arguments.';
  if (words.length > MOST_WORDS) return `has ${words.length} words, but should have at most ${MOST_WORDS}.`;
  const length = words.join(' ').length;
  if (length > MOST_CHARACTERS) return `has ${length} characters, but should have at most ${MOST_CHARACTERS}.`;
  return words.some((word) => word.includes('\0')) ? 'holds a NUL character, which no program can be given.' : null;
}

/** A command as an argument array: a list as it is, a text by the rule by which a worker's command is split. */
export function wordsOfCommand(command: string | readonly string[]): readonly string[] {
  const words = typeof command === 'string' ? splitCommand(command) : command;
  if (words.length === 0 || words[0] === '') throw invalid('command', 'names no program; its first word has to.');
  return words;
}
