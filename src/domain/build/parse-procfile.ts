import type { ProcessType } from './process-type.js';

/** So many process types of one Procfile are taken, and so long a command, in characters; a worker's is no longer. */
export const MOST_PROCESS_TYPES = 100;
const LONGEST_COMMAND = 4096;

/** Foreman's rule (https://ddollar.github.io/foreman/#PROCFILE): a name, a colon, and the command to the end of the line. */
const LINE = /^([A-Za-z0-9_-]+):\s*(\S.*)$/;

/** What a Procfile says. */
export interface Procfile {
  /** In their order; of a name that comes twice the last command, as Foreman does. */
  readonly processTypes: readonly ProcessType[];
  /** Numbers of the lines, from 1, that are neither a process type, nor empty, nor a comment. They say nothing, as with Heroku. */
  readonly strange: readonly number[];
}

/** Reads a Procfile by the classic rules: `NAME: COMMAND` a line; all else is passed over. */
export function parseProcfile(text: string): Procfile {
  const found = new Map<string, string>();
  const strange: number[] = [];
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const [, name, command] = LINE.exec(line.trimEnd()) ?? [];
    if (name !== undefined && command !== undefined && command.length <= LONGEST_COMMAND) found.set(name, command);
    else if (!/^\s*(#|$)/.test(line)) strange.push(at + 1);
  }
  const processTypes = [...found].slice(0, MOST_PROCESS_TYPES).map(([name, command]) => ({ name, command }));
  return { processTypes, strange };
}
