import Bull from 'bull';
import { pino } from 'pino';
import { sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { Trigger, WorkQueue } from '../../ports/work-queue.js';
import { within } from '../within.js';

const log = pino({ name: 'queue' });

/** How long a silent Redis may hold up who hands on a trigger, in milliseconds. */
const PATIENCE = 2_000;
/** So many triggers are kept for a Redis that is away; the sweep finds what is dropped beyond that. */
const MOST_KEPT = 1_000;
/** Triggers that are received side by side. Each is acknowledged at once, so few will do. */
const SIDE_BY_SIDE = 10;

/**
 * A connection on which a question stays unanswered for so long, in milliseconds, is dead: a Redis whose machine went
 * away closes none. Bull's own longest question waits 5 seconds.
 */
const DEAD_AFTER = 15_000;

/** How a queue speaks to Redis: it tries again for ever, and keeps what is sent meanwhile. */
const OPTIONS: Bull.QueueOptions = {
  redis: {
    maxRetriesPerRequest: null,
    enableOfflineQueue: true,
    socketTimeout: DEAD_AFTER,
    retryStrategy: (times) => Math.min(times * 200, 2_000),
  },
  defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
};

/** The queue in Redis. A job is acknowledged as soon as it is received: what it asks for is remembered by Postgres alone. */
export class BullWorkQueue implements WorkQueue {
  private readonly queue: Bull.Queue<Trigger>;
  private away = false;
  private closed = false;
  private unanswered = 0;

  /** `name` keeps queues of several installs in one Redis apart. `warn` is told once an outage. */
  constructor(
    redisUrl: string,
    name = 'jockey',
    private readonly warn: (sentence: string) => void = (error) =>
      log.warn({ error }, 'Redis does not answer; the engine sweeps every minute meanwhile'),
  ) {
    this.queue = new Bull<Trigger>(name, redisUrl, OPTIONS);
    this.queue.on('error', (error) => this.complain(error));
    this.queue.client.on('ready', () => (this.away = false));
  }

  async send(trigger: Trigger, delayMs = 0): Promise<void> {
    if (this.away && this.unanswered >= MOST_KEPT) return;
    this.unanswered += 1;
    const sent = this.add(trigger, delayMs).then(
      () => this.answered(),
      (error: unknown) => this.complain(error),
    );
    void sent.finally(() => (this.unanswered -= 1));
    if (!this.away) await within(PATIENCE, sent).catch((error: unknown) => this.complain(error));
  }

  receive(handler: (trigger: Trigger) => void): void {
    void this.queue
      .process(SIDE_BY_SIDE, async (job) => handler(job.data))
      .catch((error: unknown) => this.complain(error));
  }

  async ping(): Promise<void> {
    try {
      await within(PATIENCE, this.queue.client.ping());
      this.answered();
    } catch (error) {
      throw unavailable('Redis', sentenceOf(error));
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await within(PATIENCE, this.queue.close(true)).catch(() => undefined);
  }

  /** Bull throws at once for a queue that is closed. */
  private async add(trigger: Trigger, delayMs: number): Promise<unknown> {
    return this.queue.add(trigger, delayMs > 0 ? { delay: delayMs } : {});
  }

  private answered(): void {
    this.away = false;
  }

  /** Once an outage: the sweep looks at everything while triggers are lost. */
  private complain(error: unknown): void {
    if (!this.away && !this.closed) this.warn(sentenceOf(error));
    this.away = true;
  }
}
