import { cutAt } from './cut-at.js';

/** Longest line that is kept as one, in characters; a longer one is cut into so many as it takes. */
export const LONGEST_LINE = 16_384;

/** A line of what was printed, or a part of one that is too long. */
export interface PrintedLine {
  readonly text: string;
  /** Whether the line was cut here and goes on in the next one of the same stream. */
  readonly goesOn: boolean;
}

/**
 * Puts what a program prints together into lines, as it comes in pieces: one for each stream and step. A line that does
 * not end is handed on in parts of {@link LONGEST_LINE}, so that no more than that is ever held.
 */
export class PrintedLines {
  private part = '';

  /** The lines that end within this piece, and the parts of one that is too long. */
  *add(text: string): Generator<PrintedLine> {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      yield* this.parts(text.slice(from, end));
      yield this.rest();
      from = end + 1;
    }
    yield* this.parts(text.slice(from));
  }

  /** What stands without a newline at the end. */
  *end(): Generator<PrintedLine> {
    if (this.part !== '') yield this.rest();
  }

  private *parts(text: string): Generator<PrintedLine> {
    let line = this.part + text;
    while (line.length > LONGEST_LINE) {
      const at = cutAt(line, LONGEST_LINE);
      yield { text: line.slice(0, at), goesOn: true };
      line = line.slice(at);
    }
    this.part = line;
  }

  private rest(): PrintedLine {
    const text = this.part.endsWith('\r') ? this.part.slice(0, -1) : this.part;
    this.part = '';
    return { text, goesOn: false };
  }
}
