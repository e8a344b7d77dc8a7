import { Injectable } from '@nestjs/common';
import { LogBook, type LogOf } from '../../store/log-book.js';
import { eventOf } from './log-views.js';
import type { AnsiWord } from './log.dto.js';

/** Lines that are read at a time: a long log is never held in memory. */
export const LINES_AT_ONCE = 1_000;

/** Pages are kept for followers who come to them a little later, so many bytes in all. */
const MOST_BYTES = 32 << 20;

/** Some lines that follow each other, ready to be sent. */
export interface LogPage {
  /** The lines as server-sent events; empty where there are none. */
  readonly events: Buffer;
  /** Position of the last line; null where there is none. */
  readonly last: string | null;
}

/** Which page. */
export interface PageKey {
  readonly of: LogOf;
  /** The lines behind this position. */
  readonly after: string;
  readonly ansi: AnsiWord;
}

/**
 * Pages of logs as followers get them. Each is read and put into bytes once for all who are at the same place, and they
 * stay together: whoever asks for a page that is kept gets the same one, and so asks for the same next one.
 */
@Injectable()
export class LogPages {
  private readonly pages = new Map<string, Promise<LogPage>>();
  /** Of the pages that were read, oldest first. */
  private readonly weights = new Map<string, number>();
  private bytes = 0;

  constructor(private readonly logBook: LogBook) {}

  /** The next lines after a position. */
  page(key: PageKey): Promise<LogPage> {
    const name = `${key.of.subject} ${key.of.id} ${key.after} ${key.ansi}`;
    const kept = this.pages.get(name);
    if (kept !== undefined) return kept;
    const page = this.read(key);
    this.pages.set(name, page);
    void page.then(
      ({ events }) => (events.length === 0 ? this.pages.delete(name) : this.weigh(name, events.length)),
      () => this.pages.delete(name),
    );
    return page;
  }

  private async read({ of, after, ansi }: PageKey): Promise<LogPage> {
    const lines = await this.logBook.read(of, { after, before: null, limit: LINES_AT_ONCE });
    const events = Buffer.from(lines.map((line) => eventOf(line, ansi)).join(''));
    return { events, last: lines.at(-1)?.position ?? null };
  }

  /** The oldest ones go; those that are still being read weigh nothing yet. */
  private weigh(added: string, bytes: number): void {
    this.bytes += bytes;
    this.weights.set(added, bytes);
    for (const [name, weight] of this.weights) {
      if (this.bytes <= MOST_BYTES) return;
      this.pages.delete(name);
      this.weights.delete(name);
      this.bytes -= weight;
    }
  }
}
