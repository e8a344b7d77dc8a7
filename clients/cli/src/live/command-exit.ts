import { constants } from 'node:os';
import { EXIT, type ExitCode } from '../exit-codes.js';

/** How a command ended, as a console and a run tell it. */
export interface CommandEnd {
  readonly exit_code: number | null;
  readonly signal: string | null;
}

/**
 * The exit code for a command that was run elsewhere: its own, as of a command that is run here, and 128 and the number
 * of the signal that ended it. One that never ran has failed.
 */
export function exitOfCommand({ exit_code: code, signal }: CommandEnd): ExitCode {
  const number = (constants.signals as Readonly<Record<string, number>>)[signal ?? ''];
  // The table of the program's own codes does not hold those of other programs.
  return (number === undefined ? (code ?? EXIT.failed) : 128 + number) as ExitCode;
}
