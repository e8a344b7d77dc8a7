import { Injectable } from '@nestjs/common';
import { pino } from 'pino';
import type { Instance } from '../../domain/instance/instance.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import type { LogLevel } from '../../domain/log/log-line.js';
import { LogBook, type LogOf } from '../../store/log-book.js';

const log = pino({ name: 'engine' });

/** Tells what the engine does as it happens: in the logs of the deploy or the reconciles it is done for, and in its own. */
export class Story {
  constructor(
    private readonly logBook: LogBook,
    readonly of: readonly LogOf[],
    private readonly ids: Readonly<Record<string, string>>,
  ) {}

  /** Tells one line. A database that is away loses the line, not the work. */
  async tell(text: string, level: LogLevel = 'info'): Promise<void> {
    log[level](this.ids, text);
    await this.keep([text], level);
  }

  /** Keeps what something printed, many lines at once; the engine's own log does without. */
  async quote(lines: readonly string[], level: LogLevel = 'info'): Promise<void> {
    await this.keep(lines, level);
  }

  private async keep(texts: readonly string[], level: LogLevel): Promise<void> {
    const lines = texts.map((text) => ({ logger: 'engine', level, text }));
    await Promise.all(this.of.map((each) => this.logBook.append(each, lines))).catch((error: unknown) =>
      log.warn({ ...this.ids, error: sentenceOf(error) }, 'a line could not be kept'),
    );
  }
}

/** Begins stories. */
@Injectable()
export class Stories {
  constructor(private readonly logBook: LogBook) {}

  /** A story about an app in an environment, told in the logs of these. */
  begin(of: readonly LogOf[], ids: Readonly<Record<string, string>>): Story {
    return new Story(this.logBook, of, ids);
  }
}

/** An instance as people name it: `web 2 on h1`. */
export function nameOf({ spec, slot, host }: Pick<Instance, 'spec' | 'slot' | 'host'>): string {
  return `${spec.name} ${slot} on ${host}`;
}
