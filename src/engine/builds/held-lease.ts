import type { Clock } from '../../ports/clock.js';
import type { Lease, Leases } from '../../store/leases.js';

/** A lease that is renewed until it is given back, every third of its time. */
export class HeldLease {
  private readonly lost = new AbortController();
  private readonly done = new AbortController();
  private renewedAt: number;

  private constructor(
    private readonly leases: Leases,
    private readonly lease: Lease,
    private readonly held: { readonly milliseconds: number; readonly clock: Clock },
  ) {
    this.renewedAt = held.clock.now();
    void this.keep();
  }

  /** Holds one that was taken just now, for so many milliseconds. */
  static hold(leases: Leases, lease: Lease, held: { readonly milliseconds: number; readonly clock: Clock }): HeldLease {
    return new HeldLease(leases, lease, held);
  }

  /** Stops renewing it and leaves it to run out: nobody takes the work over before that. */
  letRunOut(): void {
    this.done.abort();
  }

  /** Aborted when another holds it, or may hold it since it could not be renewed in time. */
  get signal(): AbortSignal {
    return this.lost.signal;
  }

  /** Gives it back; one that is lost stays with whom it is. */
  async release(): Promise<void> {
    this.done.abort();
    await this.leases.release(this.lease);
  }

  private async keep(): Promise<void> {
    const { clock, milliseconds } = this.held;
    for (;;) {
      await clock.sleep(milliseconds / 3, this.done.signal);
      if (this.done.signal.aborted) return;
      const askedAt = clock.now();
      const renewed = await this.leases.renew(this.lease, milliseconds).catch(() => null);
      if (renewed === true) this.renewedAt = askedAt;
      else if (renewed === false || clock.now() - this.renewedAt >= milliseconds)
        return this.lost.abort(new Error('another engine may have taken the work over'));
    }
  }
}
