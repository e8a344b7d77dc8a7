import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LogBook, type LogOf } from '../../store/log-book.js';

/** How often a log is looked at while somebody follows it, in milliseconds. */
const EVERY = 250;

/** One look at a log that is followed. */
interface Tide {
  position: string;
  followers: number;
  timer: NodeJS.Timeout;
  waiting: Set<() => void>;
}

/** Tells followers when their log has grown. However many follow one log, the database is asked once. */
@Injectable()
export class Tides implements BeforeApplicationShutdown {
  private readonly tides = new Map<string, Tide>();
  private stopped = false;

  constructor(private readonly logBook: LogBook) {}

  /** Begins to follow; call the answer to end it. */
  follow(of: LogOf): () => void {
    const key = `${of.subject} ${of.id}`;
    const tide = this.tides.get(key) ?? this.begin(key, of);
    tide.followers += 1;
    return () => {
      tide.followers -= 1;
      if (tide.followers > 0) return;
      clearInterval(tide.timer);
      this.tides.delete(key);
    };
  }

  /** Resolves when the log has grown beyond what was seen, at the latest after so many milliseconds. */
  async turn(of: LogOf, milliseconds: number): Promise<void> {
    const tide = this.tides.get(`${of.subject} ${of.id}`);
    if (tide === undefined || this.stopped) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        tide.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      tide.waiting.add(done);
    });
  }

  /** Whether Jockey stops, and followers should be sent away. */
  get isOver(): boolean {
    return this.stopped;
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    for (const tide of this.tides.values()) {
      clearInterval(tide.timer);
      for (const wake of tide.waiting) wake();
    }
  }

  private begin(key: string, of: LogOf): Tide {
    const tide: Tide = {
      position: '',
      followers: 0,
      waiting: new Set(),
      timer: setInterval(() => void this.look(of, tide), EVERY),
    };
    this.tides.set(key, tide);
    return tide;
  }

  private async look(of: LogOf, tide: Tide): Promise<void> {
    const last = await this.logBook.lastPosition(of).catch(() => tide.position);
    if (last === tide.position) return;
    tide.position = last;
    for (const wake of tide.waiting) wake();
  }
}
