/**
 * What the program says by its end, for scripts: each code means one thing with every verb. The table stands in
 * docs/cli.md, generated from here.
 */
export const EXIT = {
  done: 0,
  usage: 1,
  failed: 2,
  reverted: 3,
  cannotPlace: 4,
  refused: 5,
  timedOut: 6,
  conflict: 7,
  changes: 10,
  interrupted: 130,
} as const;

/** One of the codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code tells a person. */
export const MEANING_OF_EXIT: Readonly<Record<ExitCode, string>> = {
  0: 'Done. `plan`: nothing would change',
  1: 'The command line, the settings or the input is wrong: nothing was asked of the engine',
  2: 'It failed, and nothing has changed; or Jockey could not be asked',
  3: 'It failed, and what ran before runs again',
  4: 'It cannot be placed: no host has room, or none may take it',
  5: 'Refused: no valid token, no right to it, a lock or a hold',
  6: 'The time was up; it still runs',
  7: 'In conflict with what is there, or planned on what has changed since',
  10: '`plan`, `reconcile --preview`: there are changes',
  130: 'Interrupted by Ctrl-C; what was begun goes on',
};
