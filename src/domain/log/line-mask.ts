import type { LogStream } from './log-line.js';

/** A line that may still hold secrets. */
export interface MaskedLine {
  readonly text: string;
  readonly stream?: LogStream | null;
  readonly step?: string | null;
  /** Whether it is a part of a line that goes on in the next one of the same stream and step. */
  readonly goesOn?: boolean;
  /** Whether no line goes on over it: lines before it are left out, or it is the last. */
  readonly gap?: boolean;
}

/** What takes secrets out. */
export interface Mask {
  readonly text: (text: string) => string;
  /** Of a text that goes on: its beginning, and its end in which a secret may have begun, as it was. */
  readonly head: (text: string) => { readonly said: string; readonly rest: string };
}

/** What a part of a line ends with. */
export const GOES_ON = ' … (the line goes on)';

/**
 * Takes secrets out of the lines of one log in their order, also those that lie across the cut of a line that was too
 * long: what one may have begun in is kept back until the next part comes.
 */
export class LineMask<Line extends MaskedLine> {
  private readonly keptBack = new Map<string, { readonly line: Line; readonly rest: string }>();

  /** The lines as they may be written. */
  apply(lines: readonly Line[], mask: Mask): Line[] {
    return lines.flatMap((line) => (line.gap === true ? [...this.end(mask), line] : this.one(line, mask)));
  }

  /** What is kept back, when no more comes. */
  end(mask: Mask): Line[] {
    const left = [...this.keptBack.values()].filter(({ rest }) => rest !== '');
    this.keptBack.clear();
    return left.map(({ line, rest }) => masked(line, mask.text(rest), mask));
  }

  private one(line: Line, mask: Mask): Line[] {
    const key = `${line.stream ?? ''} ${line.step ?? ''}`;
    const text = (this.keptBack.get(key)?.rest ?? '') + line.text;
    this.keptBack.delete(key);
    if (line.goesOn !== true) return [masked(line, mask.text(text), mask)];
    const { said, rest } = mask.head(text);
    this.keptBack.set(key, { line, rest });
    return said === '' ? [] : [masked(line, said + GOES_ON, mask)];
  }
}

function masked<Line extends MaskedLine>(line: Line, text: string, mask: Mask): Line {
  return { ...line, text, step: line.step == null ? null : mask.text(line.step) };
}
