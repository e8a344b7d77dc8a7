import type { LogLevel } from '../../domain/log/log-line.js';
import type { LogBook, LogOf, NewLogLine } from '../../store/log-book.js';

/** Lines that come together within so many milliseconds are written together. */
const GATHER = 100;
/** So many lines are written at once even before that. */
const MOST_AT_ONCE = 500;

/** Writes the lines of a build in their order as they come, a few at a time, and none is lost at the end. */
export class BuildLog {
  private waiting: NewLogLine[] = [];
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly logBook: LogBook,
    private readonly of: LogOf,
  ) {}

  /** Takes a line. */
  add(logger: string, text: string, level: LogLevel = 'info'): void {
    this.waiting.push({ logger, text, level });
    if (this.waiting.length >= MOST_AT_ONCE) this.write();
    else this.timer ??= setTimeout(() => this.write(), GATHER);
  }

  /** Resolves when all that was taken is written. */
  async flush(): Promise<void> {
    this.write();
    await this.writing;
  }

  private write(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const lines = this.waiting;
    this.waiting = [];
    if (lines.length > 0)
      this.writing = this.writing.then(() => this.logBook.append(this.of, lines)).catch(() => undefined);
  }
}
