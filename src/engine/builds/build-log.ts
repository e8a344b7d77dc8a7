import type { BuildLine } from '../../domain/build/build-line.js';
import { LineMask } from '../../domain/log/line-mask.js';
import type { LogLevel } from '../../domain/log/log-line.js';
import { PrintedLines } from '../../domain/log/printed-lines.js';
import type { LogBook, LogOf, NewLogLine } from '../../store/log-book.js';
import { LogLimit, type TakenLine } from './log-limit.js';
import { WaitingLines } from './waiting-lines.js';

/** Lines that come together within so many milliseconds are written together, so many in one statement. */
const GATHER = 100;
/** After a write that failed it is tried again, after so many milliseconds. */
const PAUSE = 500;
/** At the end, a database that does not take the lines is tried so often. */
const LAST_TRIES = 5;

/**
 * Writes the lines of a build in their order as they come, without the secrets in them. Nothing that is taken is lost:
 * whoever prints faster than the database writes has to wait. Only of a build that prints more than the operator allows
 * are lines left out, and counted.
 */
export class BuildLog {
  private readonly waiting = new WaitingLines();
  private readonly mask = new LineMask<TakenLine>();
  private readonly limit: LogLimit;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();
  private unwritten: readonly NewLogLine[] = [];
  private ended = false;

  /** `mostLines` printed lines are kept, and the last ones. */
  constructor(
    private readonly logBook: LogBook,
    private readonly of: LogOf,
    mostLines: number,
  ) {
    this.limit = new LogLimit(mostLines);
  }

  /** Takes a line of Jockey's own; after the end none. */
  add(logger: string, text: string, level: LogLevel = 'info'): void {
    if (this.ended) return;
    this.put([...this.limit.release(), { logger, text, level, at: new Date() }]);
  }

  /** Takes a line that a program or a builder printed. Resolves when there is room for the next. */
  addPrinted(logger: string, line: BuildLine): void | Promise<void> {
    if (this.ended) return;
    const at = new Date();
    for (const part of partsOf(line)) this.put(this.limit.take({ ...part, logger, at }));
    return this.waiting.room();
  }

  /** Takes the last line, and resolves when everything is written. Throws when the database does not take it. */
  async end(text: string, level: LogLevel): Promise<void> {
    if (!this.ended) this.put([...this.limit.release(), { logger: 'engine', text, level, gap: true, at: new Date() }]);
    this.ended = true;
    this.waiting.open();
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.write();
      } catch (error) {
        if (tries >= LAST_TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
  }

  private put(lines: readonly TakenLine[]): void {
    this.waiting.add(lines);
    this.writeIn(GATHER);
  }

  private writeIn(milliseconds: number): void {
    if (this.ended) return;
    this.timer ??= setTimeout(() => void this.write().catch(() => this.writeIn(PAUSE)), milliseconds);
  }

  /** One after the other, so that lines stay in their order. */
  private write(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const writing = this.writing.catch(() => undefined).then(() => this.writeAll());
    this.writing = writing;
    return writing;
  }

  /** Lines are masked once, as the mask remembers what it kept back; what could not be written then waits as it is. */
  private async writeAll(): Promise<void> {
    while (this.unwritten.length > 0 || !this.waiting.isEmpty) {
      if (this.unwritten.length === 0) {
        const redactor = await this.logBook.redactor(this.of);
        this.unwritten = this.mask.apply(this.waiting.take(), redactor);
      }
      if (this.unwritten.length > 0) await this.logBook.write(this.of, this.unwritten);
      this.unwritten = [];
    }
  }
}

/** Adapters cut lines; what one hands on without an end is cut here. */
function partsOf(line: BuildLine): readonly BuildLine[] {
  const parts = [...new PrintedLines().add(`${line.text}\n`)];
  return parts.map((part) => ({ ...line, text: part.text, goesOn: part.goesOn || line.goesOn === true }));
}
