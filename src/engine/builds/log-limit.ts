import type { NewLogLine } from '../../store/log-book.js';

/** A line that is on its way into a log. */
export interface TakenLine extends NewLogLine {
  /** Whether it is a part of a line that goes on in the next one of the same stream and step. */
  readonly goesOn?: boolean;
  /** Whether no line goes on over it: lines before it are left out, or it is the last. */
  readonly gap?: boolean;
}

/** Of what is printed beyond the limit the last lines are kept, for they say why a build failed: so many. */
const LAST_LINES = 1_000;

/** A long line counts as one more for each so many characters, so that the limit is one of size too. */
const CHARACTERS_OF_ONE = 1_000;

/**
 * What a build may print: so many lines are written as they come. Of what comes then the last lines are held until Jockey
 * itself says something, at the end at the latest; the others are counted.
 */
export class LogLimit {
  private printed = 0;
  private reached = false;
  private leftOut = 0;
  private last: TakenLine[] = [];
  /** Streams whose line was cut where the gap is: the rest of that line is left out too, for a secret may lie across. */
  private readonly halved = new Set<string>();

  constructor(private readonly most: number) {}

  /** The lines that may be written now. */
  take(line: TakenLine): readonly TakenLine[] {
    this.printed += 1 + Math.floor(line.text.length / CHARACTERS_OF_ONE);
    if (this.printed <= this.most) {
      this.remember(line);
      return [line];
    }
    this.last.push(line);
    if (this.last.length >= 2 * LAST_LINES) this.leaveOut(this.last.splice(0, LAST_LINES));
    if (this.reached) return [];
    this.reached = true;
    return [gap(`(${this.rule()}; of what is printed from here on the last ${LAST_LINES} lines are kept)`)];
  }

  /** What was held, to be written before something else. */
  release(): readonly TakenLine[] {
    if (this.last.length === 0) return [];
    this.leaveOut(this.last.splice(0, Math.max(0, this.last.length - LAST_LINES)));
    const held = this.last.splice(0).filter((line) => !this.continues(line));
    const count = this.leftOut;
    this.leftOut = 0;
    return count === 0 ? held : [gap(`(${count} lines are left out here: ${this.rule()})`), ...held];
  }

  private leaveOut(lines: readonly TakenLine[]): void {
    this.leftOut += lines.length;
    for (const line of lines) this.remember(line);
  }

  private remember(line: TakenLine): void {
    if (line.goesOn === true) this.halved.add(streamOf(line));
    else if (this.halved.size > 0) this.halved.delete(streamOf(line));
  }

  private continues(line: TakenLine): boolean {
    if (!this.halved.has(streamOf(line))) return false;
    this.leaveOut([line]);
    return true;
  }

  private rule(): string {
    return `LOG_LINES_PER_BUILD is ${this.most}`;
  }
}

function streamOf({ stream, step }: TakenLine): string {
  return `${stream ?? ''} ${step ?? ''}`;
}

function gap(text: string): TakenLine {
  return { logger: 'engine', level: 'warn', text, gap: true, at: new Date() };
}
