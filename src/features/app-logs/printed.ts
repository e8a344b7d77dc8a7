import { LineMask, type Mask } from '../../domain/log/line-mask.js';
import type { OutputLine } from '../../domain/log/output-line.js';
import { markAfter, OVERLAP, type OutputMark, ReadAgain } from '../../domain/log/output-position.js';
import type { PrintingInstance } from './printing-instances.js';

/** A line with whose it is. */
export interface SaidLine extends OutputLine {
  readonly of: PrintingInstance;
  /** What it is sorted by: its time, but never before the line that its engine has before it. */
  readonly order: bigint;
  /** Where its instance was read up to with it. */
  readonly mark: OutputMark;
}

/** What one instance printed, read on from where one was. */
export class Printed {
  private readonly mask = new LineMask<SaidLine>();
  private order = 0n;
  private again: ReadAgain;

  constructor(
    public of: PrintingInstance,
    private mark: OutputMark | null,
  ) {
    this.again = new ReadAgain(mark);
  }

  /** Where its engine has to begin; it is read again from a little before. */
  begin(): bigint | null {
    this.again = new ReadAgain(this.mark);
    if (this.mark === null) return null;
    return this.mark.count === 0 ? this.mark.at : this.mark.at - OVERLAP;
  }

  /** What is new of the lines that came. */
  take(lines: readonly OutputLine[]): SaidLine[] {
    return this.again.take(lines).map((line) => this.said(line));
  }

  /** What is new of those that were held back, when its engine has no more. */
  rest(): SaidLine[] {
    return this.again.end().map((line) => this.said(line));
  }

  /** Its lines without secrets; the end of a line that goes on waits for the next. */
  masked(lines: readonly SaidLine[], mask: Mask): SaidLine[] {
    return this.mask.apply(lines, mask);
  }

  /** What the mask kept back, when no more comes. */
  maskedEnd(mask: Mask): SaidLine[] {
    return this.mask.end(mask);
  }

  private said(line: OutputLine): SaidLine {
    this.mark = markAfter(this.mark, line);
    if (line.at > this.order) this.order = line.at;
    return { ...line, of: this.of, order: this.order, mark: this.mark };
  }
}

/** Lines of several instances by their time; those of one stay in their order. */
export function byTime(lines: readonly SaidLine[]): SaidLine[] {
  return [...lines].sort((one, other) => (one.order === other.order ? 0 : one.order < other.order ? -1 : 1));
}
