import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../ports/clock.js';

/** The first pause after a fault, in milliseconds; each further one is twice as long. */
const FIRST_PAUSE = 5_000;
/** No pause is longer, in milliseconds. */
const LONGEST_PAUSE = 120_000;

/** Keeps from asking a cloud again and again that has no answer: whom it throttles, it throttles the longer. */
@Injectable()
export class PoolPatience {
  private readonly pauses = new Map<string, { readonly until: number; readonly length: number }>();

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** Whether the group of a pool may be asked now. */
  mayAsk(poolId: string): boolean {
    return this.clock.now() >= (this.pauses.get(poolId)?.until ?? 0);
  }

  /** What became of the last question. */
  heard(poolId: string, inVain: boolean): void {
    if (!inVain) return void this.pauses.delete(poolId);
    const last = this.pauses.get(poolId)?.length;
    const length = last === undefined ? FIRST_PAUSE : Math.min(2 * last, LONGEST_PAUSE);
    this.pauses.set(poolId, { until: this.clock.now() + length, length });
  }
}
