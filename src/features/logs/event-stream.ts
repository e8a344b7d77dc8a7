import type { Response } from 'express';
import { sendText } from './send-text.js';

/** Between two signs of life, in milliseconds, so that no proxy takes the connection for dead. */
const HEARTBEAT = 15_000;

/** How long a follower that lost the connection waits before it comes again, in milliseconds. */
const RETRY = 2_000;

/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export class EventStream {
  private readonly left = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;

  /** Sends the headers; nothing can be refused any more. */
  constructor(private readonly response: Response) {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.write(`retry: ${RETRY}\n\n`);
    response.on('close', () => this.left.abort());
    this.heartbeat = setInterval(() => this.signOfLife(), HEARTBEAT);
  }

  /** Aborted when the follower has left. */
  get signal(): AbortSignal {
    return this.left.signal;
  }

  /** Resolves when the follower has taken it or has left. */
  write(text: string | Buffer): Promise<void> {
    return sendText(this.response, text);
  }

  end(): void {
    clearInterval(this.heartbeat);
    this.response.end();
  }

  /** A follower that is behind gets its lines as soon as it takes them; more bytes would only wait with them. */
  private signOfLife(): void {
    if (!this.response.writableNeedDrain) this.response.write(': still here\n\n');
  }
}
