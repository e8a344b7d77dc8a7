import type { LiveSocket } from '../../http/sockets/live-socket.js';
import type { EventSink, Gap } from './event-follower.js';
import type { ReadyEvent } from './event-pages.js';

/** Events as the messages of a WebSocket, each a JSON text. */
export class SocketSink implements EventSink {
  constructor(private readonly socket: LiveSocket) {}

  get signal(): AbortSignal {
    return this.socket.signal;
  }

  async send(events: readonly ReadyEvent[]): Promise<void> {
    for (const { text } of events) {
      if (this.signal.aborted) return;
      await this.socket.send(text);
    }
  }

  sendGap(gap: Gap): Promise<void> {
    return this.socket.send({ type: 'gap', ...gap });
  }
}
