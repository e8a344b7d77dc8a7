import type { LogStream } from '../log/log-line.js';

/** One line of what a build or a push prints. */
export interface BuildLine {
  /** The line, without its newline; its colours stay in it. */
  readonly text: string;
  readonly stream: LogStream;
  /** The step that it belongs to, as the builder names it: `[2/5] RUN make`; null for none. */
  readonly step: string | null;
  /** Whether it is a part of a line that is too long, which goes on in the next one of the same stream and step. */
  readonly goesOn?: boolean;
}
