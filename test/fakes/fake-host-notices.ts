import { sentenceOf } from '../../src/domain/kernel/errors.js';
import type { HostNotice, HostNotices } from '../../src/ports/host-notices.js';

type Handler = (notice: HostNotice) => Promise<void>;

/**
 * A queue of notices, in memory: each goes to one of those who receive, and again to one when that rejects, or is
 * stopped before it has answered. Those that nobody receives wait.
 */
export class FakeHostNotices implements HostNotices {
  /** What waits for somebody to take it. */
  readonly waiting: HostNotice[] = [];
  /** What was handled, oldest first. */
  readonly handled: HostNotice[] = [];
  /** Why handlers rejected, oldest first. */
  readonly rejections: string[] = [];
  private readonly receivers: Handler[] = [];

  /** Puts one into the queue, as the cloud does. */
  send(notice: HostNotice): void {
    this.waiting.push(notice);
    setImmediate(() => this.carry());
  }

  receive(handler: Handler, signal: AbortSignal): void {
    if (signal.aborted) return;
    const receiver: Handler = (notice) => Promise.race([handler(notice), aborted(signal)]);
    this.receivers.push(receiver);
    signal.addEventListener('abort', () => this.receivers.splice(this.receivers.indexOf(receiver), 1), { once: true });
    setImmediate(() => this.carry());
  }

  private carry(): void {
    while (this.waiting.length > 0 && this.receivers.length > 0) {
      const receiver = this.receivers.shift() as Handler;
      this.receivers.push(receiver);
      void this.hand(receiver, this.waiting.shift() as HostNotice);
    }
  }

  private async hand(receiver: Handler, notice: HostNotice): Promise<void> {
    try {
      await receiver(notice);
      this.handled.push(notice);
    } catch (error) {
      this.rejections.push(sentenceOf(error));
      this.waiting.push(notice);
      setTimeout(() => this.carry(), 20).unref();
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped before it was handled')), { once: true });
  });
}
