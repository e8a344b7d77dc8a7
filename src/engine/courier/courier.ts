import { Inject, Injectable } from '@nestjs/common';
import { nextWait } from '../../domain/delivery/back-off.js';
import { type CarryResult, never, notNow } from '../../domain/delivery/carry-result.js';
import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { DeliveryBell } from '../../store/delivery-bell.js';
import { DueDeliveries, type TakenDelivery } from '../../store/repositories/due-deliveries.js';
import { EngineIdentity } from '../engine-identity.js';
import { type Carrier, CARRIERS } from './carrier.js';

/** So many are carried side by side by one engine. */
const AT_ONCE = 10;

/** The longest that one attempt may take, and after which another engine may make it; in milliseconds. */
const LONGEST_ATTEMPT = 30_000;
const HOLD = 60_000;

/** The longest and the shortest rest between two looks: a lost ring, a failed database. In milliseconds. */
const LONGEST_REST = 60_000;
const SHORTEST_REST = 100;

/** So long those under way may go on when the engine stops, in milliseconds. */
const LAST_MOMENT = 3_000;

/**
 * Brings out what is in the outbox. A delivery is taken by one engine at a time, for a minute: so it goes out once, and
 * again only when it failed, or when an engine died between the receiver's answer and the note of it.
 */
@Injectable()
export class Courier {
  private readonly stopping = new AbortController();
  private readonly cut = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private readonly channels: readonly string[];
  private alarm = new AbortController();

  constructor(
    @Inject(CARRIERS) private readonly carriers: readonly Carrier[],
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly due: DueDeliveries,
    private readonly bell: DeliveryBell,
    private readonly engine: EngineIdentity,
  ) {
    this.channels = carriers.map(({ channel }) => channel);
  }

  /** Begins to carry. */
  start(): void {
    this.bell.listen(() => this.alarm.abort());
    void this.watch();
  }

  /** Takes nothing more; what is under way may end, and is given back where it does not soon. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const cutting = setTimeout(() => this.cut.abort(), LAST_MOMENT);
    await this.bell.stop();
    await Promise.allSettled(this.underWay);
    clearTimeout(cutting);
  }

  /** Takes what is due now, as much as there is room for, and answers how many that were; they may still be under way. */
  async round(): Promise<number> {
    const limit = AT_ONCE - this.underWay.size;
    if (limit <= 0) return 0;
    const { name: holder } = this.engine;
    const taken = await this.due.take({ holder, channels: this.channels, limit, holdMs: HOLD });
    for (const each of taken) this.follow(this.carry(each));
    return taken.length;
  }

  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.alarm = new AbortController();
      const rest = await this.roundAndRest().catch((error: unknown) => this.troubled(error));
      await this.clock.sleep(rest, AbortSignal.any([this.alarm.signal, this.stopping.signal]));
    }
  }

  /** Each that ends wakes it again: so there is nothing to look at while all hands are full. */
  private async roundAndRest(): Promise<number> {
    const taken = await this.round();
    if (taken > 0 || this.underWay.size >= AT_ONCE) return LONGEST_REST;
    const next = (await this.due.nextDueIn(this.channels)) ?? LONGEST_REST;
    return Math.min(Math.max(next, SHORTEST_REST), LONGEST_REST);
  }

  private troubled(error: unknown): number {
    if (!this.stopping.signal.aborted) this.engine.log.warn({ error: sentenceOf(error) }, 'the outbox was not read');
    return LONGEST_REST / 10;
  }

  private follow(work: Promise<void>): void {
    const followed = work
      .catch((error: unknown) => void this.troubled(error))
      .finally(() => {
        this.underWay.delete(followed);
        this.alarm.abort();
      });
    this.underWay.add(followed);
  }

  private async carry(taken: TakenDelivery): Promise<void> {
    const { delivery } = taken;
    const at = new Date();
    const begin = performance.now();
    const result = await this.attempt(taken);
    if (result.error !== null && this.cut.signal.aborted) return this.due.giveBack(delivery);
    const { status, answer, error } = result;
    const milliseconds = Math.round(performance.now() - begin);
    const attempt = { at: at.toISOString(), milliseconds, status, answer, error };
    const nextIn = result.again ? nextWait(delivery.failedAttempts + 1, Math.random(), result.retryAfter) : null;
    await this.due.settle(delivery, { attempt, nextIn });
    if (error !== null) this.tell(taken, error, nextIn);
  }

  private async attempt(taken: TakenDelivery): Promise<CarryResult> {
    const carrier = this.carriers.find(({ channel }) => channel === taken.delivery.channel);
    if (carrier === undefined) return notNow(`No carrier takes the channel ${taken.delivery.channel}.`);
    try {
      return await inTime(LONGEST_ATTEMPT, this.cut.signal, (signal) => carrier.carry(taken, signal));
    } catch (error) {
      const hopeless = error instanceof DomainError && error.code !== 'unavailable';
      return hopeless ? never(sentenceOf(error)) : notNow(sentenceOf(error));
    }
  }

  private tell({ delivery, event }: TakenDelivery, error: string, nextIn: number | null): void {
    const facts = { delivery: delivery.id, channel: delivery.channel, event: event.kind, error, nextIn };
    this.engine.log.warn(facts, nextIn === null ? 'a delivery is given up' : 'a delivery did not arrive');
  }
}

/** A carrier that does not heed its signal is left behind. */
async function inTime<T>(
  milliseconds: number,
  stop: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), milliseconds);
  const signal = AbortSignal.any([stop, late.signal]);
  const ended = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(unavailable('the receiver', stop.aborted ? 'the engine stops' : `no end within ${milliseconds / 1000} s`));
    });
  });
  return Promise.race([run(signal), ended]).finally(() => clearTimeout(timer));
}
