import type { Context } from './context.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { Given } from './given.js';

/** Something that is asked for until it is so. */
export interface Polled<T> {
  read(): Promise<T>;
  done(seen: T): boolean;
  /** What is told on stderr each time it changes. */
  progress(seen: T): string;
  /** The command line that shows it later. */
  readonly comeBack: string;
}

/** What was seen last, and how the asking ended. */
export interface Polling<T> {
  readonly seen: T;
  readonly exit: ExitCode;
}

/** How often it is asked for, in milliseconds. */
const EVERY = 1_000;

/** How long by default, in seconds. */
const AT_MOST = 600;

/**
 * Asks until it is done, its time is up, or Ctrl-C: what was begun goes on either way. Returns what was seen last, and
 * how it ended.
 */
export async function poll<T>({ world, output }: Context, given: Given, polled: Polled<T>): Promise<Polling<T>> {
  const end = Date.now() + (given.count('timeout') ?? AT_MOST) * 1000;
  const pause = new Pause();
  const ignore = world.onInterrupt(() => pause.end());
  try {
    for (let told = ''; ;) {
      const seen = await polled.read();
      const line = polled.progress(seen);
      if (line !== told) output.progress(line);
      told = line;
      if (polled.done(seen)) return { seen, exit: EXIT.done };
      const exit = pause.ended ? EXIT.interrupted : Date.now() >= end ? EXIT.timedOut : null;
      if (exit !== null) {
        output.warn(`It goes on; \`jockey ${polled.comeBack}\` shows it.`);
        return { seen, exit };
      }
      await pause.of(EVERY);
    }
  } finally {
    ignore();
  }
}

/** Pauses that can be cut short for good. */
class Pause {
  ended = false;
  private wake: () => void = () => undefined;

  end(): void {
    this.ended = true;
    this.wake();
  }

  of(milliseconds: number): Promise<void> {
    if (this.ended) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
