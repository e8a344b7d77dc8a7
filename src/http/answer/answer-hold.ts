import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/** What an answer is held for. */
export interface Settling<T> {
  /** As `?wait=` says it; at once where nothing is said. */
  readonly seconds: number | undefined;
  /** Reads the resource again. */
  readonly read: () => Promise<T>;
  /** Whether there is nothing more to wait for. */
  readonly settled: (resource: T) => boolean;
}

/** Between two looks at a resource, in milliseconds: short beside what is waited for, long beside a read. */
const EVERY = 200;

/** Holds answers (`?wait=SECONDS`) until their resource settles, the time is over or Jockey stops. */
@Injectable()
export class AnswerHold {
  private readonly stopping = new AbortController();

  /** The resource, as it is when it settled or when the waiting ended. */
  async until<T>({ seconds = 0, read, settled }: Settling<T>): Promise<T> {
    const deadline = performance.now() + seconds * 1000;
    let resource = await read();
    while (!settled(resource) && performance.now() < deadline && !this.stopping.signal.aborted) {
      const rest = Math.max(0, Math.min(EVERY, deadline - performance.now()));
      await sleep(rest, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      resource = await read();
    }
    return resource;
  }

  /** Aborted when no answer is held any more; what streams an answer ends it then. */
  get released(): AbortSignal {
    return this.stopping.signal;
  }

  /** Gives every answer that is held, as it is now, and holds none any more. */
  release(): void {
    this.stopping.abort();
  }
}
