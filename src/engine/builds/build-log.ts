import type { BuildLine } from '../../domain/build/build-line.js';
import type { LogLevel } from '../../domain/log/log-line.js';
import type { LogBook, LogOf, NewLogLine } from '../../store/log-book.js';

/** Lines that come together within so many milliseconds are written together, so many in one statement. */
const GATHER = 100;
const MOST_AT_ONCE = 500;
/**
 * A step that prints without end must not fill the engine's memory or the database: so many lines may wait to be
 * written; and of a build that has written so many, only the last ones are kept.
 */
const MOST_WAITING = 20_000;
const MOST_WRITTEN = 200_000;
const LAST_ONES = 1_000;
/** At the end, a database that does not take the lines is tried so often, after so many milliseconds. */
const LAST_TRIES = 5;
const LAST_PAUSE = 500;

/** Writes the lines of a build in their order as they come. What is left out says so; what was taken is not lost. */
export class BuildLog {
  private waiting: NewLogLine[] = [];
  private leftOut = 0;
  private written = 0;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(
    private readonly logBook: LogBook,
    private readonly of: LogOf,
  ) {}

  /** Takes a line; after the end none. */
  add(logger: string, text: string, level: LogLevel = 'info'): void {
    this.take({ logger, text, level });
  }

  private take(line: NewLogLine): void {
    if (this.ended) return;
    this.waiting.push(line);
    const most = this.written < MOST_WRITTEN ? MOST_WAITING : 2 * LAST_ONES;
    if (this.waiting.length > most) this.leftOut += this.waiting.splice(0, most / 2).length;
    if (this.written < MOST_WRITTEN) this.timer ??= setTimeout(() => void this.write().catch(() => undefined), GATHER);
  }

  /** Takes a line that a program or a builder printed. */
  addPrinted(logger: string, { text, stream, step }: BuildLine): void {
    this.take({ logger, text, level: 'info', stream, step });
  }

  /** Takes the last line, and resolves when everything is written. Throws when the database does not take it. */
  async end(text: string, level: LogLevel): Promise<void> {
    this.add('engine', text, level);
    this.ended = true;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.write();
      } catch (error) {
        if (tries >= LAST_TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, LAST_PAUSE));
      }
    }
  }

  /** One after the other, so that lines stay in their order. */
  private write(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const writing = this.writing.catch(() => undefined).then(() => this.writeAll());
    this.writing = writing;
    return writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0 && (this.ended || this.written < MOST_WRITTEN)) {
      const lines = this.waiting.splice(0, MOST_AT_ONCE);
      const gap = this.leftOut;
      this.leftOut = 0;
      try {
        await this.logBook.append(this.of, gap === 0 ? lines : [gapLine(gap), ...lines]);
      } catch (error) {
        this.waiting = [...lines, ...this.waiting];
        this.leftOut += gap;
        throw error;
      }
      this.written += lines.length;
    }
  }
}

function gapLine(count: number): NewLogLine {
  return { logger: 'engine', level: 'warn', text: `(${count} lines are left out here: too many to be kept)` };
}
