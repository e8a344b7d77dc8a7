import type { Response } from 'express';
import { EventStream } from '../logs/event-stream.js';
import type { EventSink, Gap } from './event-follower.js';
import type { ReadyEvent } from './event-pages.js';

/**
 * Events as server-sent ones. Where a page holds none that is wanted, an id alone says how far the stream has been read,
 * so that who comes again does not make Jockey read it anew.
 */
export class SseSink implements EventSink {
  private readonly stream: EventStream;
  readonly signal: AbortSignal;

  /** Sends the headers. It ends by itself after a while, in milliseconds. */
  constructor(response: Response, lifetime: number) {
    this.stream = new EventStream(response);
    this.signal = AbortSignal.any([this.stream.signal, AbortSignal.timeout(lifetime)]);
  }

  send(events: readonly ReadyEvent[], upTo: string): Promise<void> {
    const told = events.map(({ story, text }) => `id: ${story.id}\ndata: ${text}\n\n`).join('');
    return this.stream.write(events.at(-1)?.story.id === upTo ? told : `${told}id: ${upTo}\n\n`);
  }

  sendGap(gap: Gap): Promise<void> {
    return this.stream.write(`event: gap\ndata: ${JSON.stringify(gap)}\n\n`);
  }

  end(): void {
    this.stream.end();
  }
}
