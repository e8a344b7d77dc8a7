import type { Clock } from '../../ports/clock.js';
import type { Lease, LeaseRequest, Leases } from '../../store/leases.js';

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

  /** Takes it; null while another holds it. */
  static async take(leases: Leases, request: LeaseRequest, clock: Clock): Promise<HeldLease | null> {
    const lease = await leases.take(request);
    return lease === null ? null : new HeldLease(leases, lease, { milliseconds: request.milliseconds, clock });
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
