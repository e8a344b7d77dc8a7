import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import { unavailable } from '../../src/domain/kernel/errors.js';
import type { Clock } from '../../src/ports/clock.js';
import type { Trigger, WorkQueue } from '../../src/ports/work-queue.js';

type Handler = (trigger: Trigger) => void;

/** What several {@link FakeWorkQueue}s share, as several processes share a Redis. */
export class FakeRedis {
  answers = true;
  readonly waiting: Trigger[] = [];
  readonly handlers = new Set<Handler>();
  private turn = 0;

  /** Hands what waits to the receivers in turn. */
  deliver(): void {
    const handlers = [...this.handlers];
    while (this.answers && handlers.length > 0 && this.waiting.length > 0) {
      const trigger = this.waiting.shift() as Trigger;
      const handler = handlers[(this.turn += 1) % handlers.length] as Handler;
      try {
        handler(trigger);
      } catch {
        // A job that fails is gone, as in Redis.
      }
    }
  }
}

/** A queue in memory. */
export class FakeWorkQueue implements WorkQueue {
  /** All that was sent, oldest first. */
  readonly sent: Trigger[] = [];
  private readonly handlers: Handler[] = [];

  constructor(
    readonly redis = new FakeRedis(),
    private readonly clock: Clock = new SystemClock(),
  ) {}

  async send(trigger: Trigger, delayMs = 0): Promise<void> {
    this.sent.push(trigger);
    if (!this.redis.answers) return;
    const put = () => {
      this.redis.waiting.push(trigger);
      setImmediate(() => this.redis.deliver());
    };
    if (delayMs > 0) void this.clock.sleep(delayMs).then(put);
    else put();
  }

  receive(handler: Handler): void {
    this.handlers.push(handler);
    this.redis.handlers.add(handler);
    setImmediate(() => this.redis.deliver());
  }

  async ping(): Promise<void> {
    if (!this.redis.answers) throw unavailable('Redis', 'connect ECONNREFUSED');
  }

  async close(): Promise<void> {
    for (const handler of this.handlers) this.redis.handlers.delete(handler);
  }
}
