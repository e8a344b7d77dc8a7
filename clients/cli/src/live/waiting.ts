import type { Option } from '../verb.js';

/** Options of every verb that begins something and waits for its end; they belong into its `options`. */
export const WAITING: readonly Option[] = [
  { flags: '--no-wait', about: 'begin it, and do not wait for its end' },
  { flags: '--detach', about: 'the same as --no-wait' },
  { flags: '--timeout SECONDS', about: 'how long to wait at most; it goes on after that (exit code 6)' },
];
