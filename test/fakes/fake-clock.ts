import type { Clock } from '../../src/ports/clock.js';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that stands still until a test moves it on. */
export class FakeClock implements Clock {
  private time: number;
  private sleepers: Sleeper[] = [];

  constructor(startAt = 1_700_000_000_000) {
    this.time = startAt;
  }

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.sleepers = this.sleepers.filter((each) => each !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { at: this.time + milliseconds, wake };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.sleepers.length;
  }

  /** Moves time on, waking sleepers in their order, each with its own time on the clock. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (let next = this.nextUntil(end); next !== undefined; next = this.nextUntil(end)) {
      this.sleepers = this.sleepers.filter((each) => each !== next);
      this.time = next.at;
      next.wake();
      await settled();
    }
    this.time = end;
    await settled();
  }

  private nextUntil(end: number): Sleeper | undefined {
    return this.sleepers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  }
}

/** Lets what was woken run until it waits again. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
