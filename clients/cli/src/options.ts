import type { Option } from './verb.js';

/** Options that every verb takes, before or behind its name. */
export const COMMON: readonly Option[] = [
  { flags: '-a, --app APP', about: 'the app, by name, or by its repository as owner/name' },
  { flags: '-e, --environment ENVIRONMENT', about: 'the environment, by name; "production" where nothing says it' },
  { flags: '--json', about: 'print data as JSON' },
  { flags: '-q, --quiet', about: 'print nothing but data and faults' },
  { flags: '--no-color', about: 'no colours, as with NO_COLOR set' },
];

/** Options of every list. */
export const LISTING: readonly Option[] = [
  { flags: '-n, --limit COUNT', about: 'how many at most, the newest first; 25 unless told' },
];

const VALUE = / [A-Z_=/]+$/;

/** The words by which an option is said: `-f` and `--follow`. */
export const wordsOf = ({ flags }: Pick<Option, 'flags'>): readonly string[] => flags.replace(VALUE, '').split(', ');

/** Whether a word comes behind it. */
export const takesValue = ({ flags }: Pick<Option, 'flags'>): boolean => VALUE.test(flags);
