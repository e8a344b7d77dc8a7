import Bull from 'bull';
import { pino } from 'pino';
import { sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { Trigger, WorkQueue } from '../../ports/work-queue.js';
import { within } from '../within.js';

const log = pino({ name: 'queue' });

/** How long a silent Redis may hold up who hands on a trigger, in milliseconds. */
const PATIENCE = 2_000;

/** The queue in Redis. A job is acknowledged as soon as it is received: what it asks for is remembered by Postgres alone. */
export class BullWorkQueue implements WorkQueue {
  private readonly queue: Bull.Queue<Trigger>;
  private away = false;

  /** `name` keeps queues of several installs in one Redis apart. */
  constructor(redisUrl: string, name = 'jockey') {
    this.queue = new Bull<Trigger>(name, redisUrl, {
      redis: {
        maxRetriesPerRequest: null,
        enableOfflineQueue: true,
        retryStrategy: (times) => Math.min(times * 200, 2_000),
      },
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
    });
    this.queue.on('error', (error) => this.complain(error));
    this.queue.on('ready', () => (this.away = false));
  }

  async send(trigger: Trigger, delayMs = 0): Promise<void> {
    const sent = this.queue.add(trigger, delayMs > 0 ? { delay: delayMs } : {});
    await within(PATIENCE, sent).catch((error: unknown) => this.complain(error));
  }

  receive(handler: (trigger: Trigger) => void): void {
    void this.queue
      .process(10, (job) => Promise.resolve(handler(job.data)))
      .catch((error: unknown) => this.complain(error));
  }

  async ping(): Promise<void> {
    try {
      await within(PATIENCE, this.queue.client.ping());
    } catch (error) {
      throw unavailable('Redis', sentenceOf(error));
    }
  }

  async close(): Promise<void> {
    await within(PATIENCE, this.queue.close(true)).catch((error: unknown) => this.complain(error));
  }

  /** Once an outage: the sweep looks at everything while triggers are lost. */
  private complain(error: unknown): void {
    if (!this.away)
      log.warn({ error: sentenceOf(error) }, 'Redis does not answer; the engine sweeps every minute meanwhile');
    this.away = true;
  }
}
