import { DomainError } from '../../domain/kernel/errors.js';

/** So many streams one caller may follow at a time in a process: each is a connection to every host that it reads from. */
const MOST = 20;

/** Who follows how many streams. */
export class OpenFollows {
  private readonly counts = new Map<string, number>();

  /** Runs a stream of a caller; throws `rate_limited` before it begins where he has too many. */
  async run(caller: string, follow: () => Promise<void>): Promise<void> {
    const own = this.counts.get(caller) ?? 0;
    if (own >= MOST)
      throw new DomainError('rate_limited', `${caller} follows ${own} logs of apps, which is the most: end one.`);
    this.counts.set(caller, own + 1);
    try {
      await follow();
    } finally {
      this.leave(caller);
    }
  }

  private leave(caller: string): void {
    const left = (this.counts.get(caller) ?? 1) - 1;
    if (left === 0) this.counts.delete(caller);
    else this.counts.set(caller, left);
  }
}
