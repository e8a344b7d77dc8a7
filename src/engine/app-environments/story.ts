import { Injectable } from '@nestjs/common';
import { pino } from 'pino';
import type { Instance } from '../../domain/instance/instance.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import type { LogLevel } from '../../domain/log/log-line.js';
import { cutLine, LogBook, type LogOf } from '../../store/log-book.js';
import { type Redactor, Redactors } from '../../store/redactors.js';
import type { AppEnvironmentKey } from '../../store/repositories/app-environments.js';

const log = pino({ name: 'engine' });

/** What every line of the engine's own log names. */
type Ids = Readonly<Record<string, string>>;

/** Tells what the engine does as it happens: in the logs of the deploy or the reconciles it is done for, and in its own. */
export class Story {
  constructor(
    private readonly logBook: LogBook,
    readonly of: readonly LogOf[],
    private readonly about: { readonly ids: Ids; readonly redactor: () => Promise<Redactor> },
  ) {}

  /** Tells one line. A database that is away loses the line, not the work. */
  async tell(text: string, level: LogLevel = 'info'): Promise<void> {
    const clean = await this.clean([text]);
    for (const line of clean) log[level](this.about.ids, line);
    await this.keep(clean, level);
  }

  /** Keeps what something printed, many lines at once; the engine's own log does without. */
  async quote(lines: readonly string[], level: LogLevel = 'info'): Promise<void> {
    await this.keep(await this.clean(lines), level);
  }

  /** Without secrets. What cannot be known to be without them is not told. */
  private async clean(texts: readonly string[]): Promise<readonly string[]> {
    try {
      const redactor = await this.about.redactor();
      return texts.map((text) => cutLine(redactor.text(text)));
    } catch (error) {
      log.warn({ ...this.about.ids, error: sentenceOf(error) }, 'a line could not be kept');
      return [];
    }
  }

  private async keep(texts: readonly string[], level: LogLevel): Promise<void> {
    const lines = texts.map((text) => ({ logger: 'engine', level, text }));
    await Promise.all(this.of.map((each) => this.logBook.write(each, lines))).catch((error: unknown) =>
      log.warn({ ...this.about.ids, error: sentenceOf(error) }, 'a line could not be kept'),
    );
  }
}

/** Begins stories. */
@Injectable()
export class Stories {
  constructor(
    private readonly logBook: LogBook,
    private readonly redactors: Redactors,
  ) {}

  /** A story about an app in an environment, told in the logs of these, without the secrets of that. */
  begin(of: readonly LogOf[], ids: Ids, key: AppEnvironmentKey): Story {
    return new Story(this.logBook, of, { ids, redactor: () => this.redactors.of(key) });
  }
}

/** An instance as people name it: `web 2 on h1`. */
export function nameOf({ spec, slot, host }: Pick<Instance, 'spec' | 'slot' | 'host'>): string {
  return `${spec.name} ${slot} on ${host}`;
}
