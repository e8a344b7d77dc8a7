import { EXIT, type ExitCode } from './exit-codes.js';

/** An expected end of the program that is no success: a sentence for a person, and the code for a script. */
export class Fault extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    /** The way out, one line: what to type or to set next; null where the sentence says it. */
    readonly hint: string | null = null,
    /** The API's code of the problem where there is one; it stands in the error of `--json`. */
    readonly code: string = 'cli',
  ) {
    super(message);
    this.name = 'Fault';
  }
}

/** The command line or the settings are at fault. */
export const usage = (message: string, hint: string | null = null): Fault => new Fault(message, EXIT.usage, hint);

/** It could not be done, and nothing has changed. */
export const failed = (message: string, hint: string | null = null): Fault => new Fault(message, EXIT.failed, hint);
