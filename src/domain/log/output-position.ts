import type { OutputLine } from './output-line.js';

/**
 * How far the output of one container was read: up to its line of this moment, of those of the same moment the n-th; 0
 * where none was read, and everything from that moment on is still to come.
 */
export interface OutputMark {
  readonly at: bigint;
  readonly count: number;
}

/** How far the output of several containers was read, by the ids of their instances. */
export type OutputPosition = ReadonlyMap<string, OutputMark>;

/** What a position looks like on the wire: `1c:crx2kq3v9a2k` a container, with `.2` behind it, joined by commas. */
export const POSITION_SHAPE =
  /^[0-9a-z]{1,13}:[0-9a-z]{1,13}(?:\.[0-9]{1,6})?(?:,[0-9a-z]{1,13}:[0-9a-z]{1,13}(?:\.[0-9]{1,6})?)*$/;

/** So far before its mark a container is read again: two streams that are written at once may be out of order. */
export const OVERLAP = 1_000_000_000n;

/** A position as text: what a follower says when it comes again. */
export function positionText(position: OutputPosition): string {
  return [...position].map(([id, mark]) => `${BigInt(id).toString(36)}:${markText(mark)}`).join(',');
}

const markText = ({ at, count }: OutputMark): string => (count === 1 ? at.toString(36) : `${at.toString(36)}.${count}`);

/** The position that a text of {@link POSITION_SHAPE} says. */
export function parsePosition(text: string): OutputPosition {
  return new Map(
    text.split(',').map((part): [string, OutputMark] => {
      const [id = '', mark = ''] = part.split(':');
      const [at = '', count = '1'] = mark.split('.');
      return [bigintOf(id).toString(), { at: bigintOf(at), count: Number(count) }];
    }),
  );
}

/** `parseInt` knows no digits beyond 2^53. */
function bigintOf(digits: string): bigint {
  return [...digits].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
}

/** The mark after a line. */
export function markAfter(mark: OutputMark | null, { at }: OutputLine): OutputMark {
  return mark?.at === at ? { at, count: mark.count + 1 } : { at, count: 1 };
}

/**
 * Leaves out what was read before, of a container that is read again from a little before its mark: everything up to the
 * marked line, in the order of its engine. Where that line is not there any more, what is older than it is left out.
 */
export class ReadAgain {
  private held: OutputLine[] = [];
  private seen = 0;
  private isPast: boolean;

  constructor(private readonly mark: OutputMark | null) {
    this.isPast = mark === null;
  }

  /** The lines that are new, of those that came next. */
  take(lines: readonly OutputLine[]): readonly OutputLine[] {
    return this.isPast ? lines : lines.flatMap((line) => this.one(line));
  }

  /** What is new of those that were held back, when no more come. */
  end(): readonly OutputLine[] {
    const { mark, held } = this;
    this.held = [];
    return held.filter(({ at }) => mark === null || at > mark.at);
  }

  private one(line: OutputLine): readonly OutputLine[] {
    if (this.isPast || this.mark === null) return [line];
    if (this.mark.count === 0) return line.at >= this.mark.at ? [line] : [];
    if (line.at === this.mark.at) this.seen += 1;
    if (line.at === this.mark.at && this.seen === this.mark.count) {
      this.isPast = true;
      this.held = [];
      return [];
    }
    this.held.push(line);
    if (line.at < this.mark.at + OVERLAP) return [];
    this.isPast = true;
    return this.end();
  }
}
