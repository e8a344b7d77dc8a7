import type { ReadStream, WriteStream } from 'node:tty';

/** Where text goes to: a terminal, a pipe or a file. */
export type TextOutput = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>;

/** Where text comes from. */
export type TextInput = NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;

/** All that the program touches of the machine, so that a test can give it another one. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: TextInput;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** The folder one stands in. */
  readonly folder: string;
  /** The folder of `.jockeyrc`. */
  readonly home: string;
  /**
   * Calls the listener at Ctrl-C instead of ending the program; what it returns takes the listener away again. While
   * nobody listens, Ctrl-C ends the program as it ends every other.
   */
  onInterrupt(listener: () => void): () => void;
}
