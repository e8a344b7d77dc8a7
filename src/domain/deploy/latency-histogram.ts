/** Each bucket ends 5 % above the one before: a percentile is at most so much too high, and never too low. */
export const GROWTH = 1.05;

/** What takes longer counts as this, in milliseconds. */
export const LONGEST_LATENCY = 60_000;

const BUCKETS = bucketOf(LONGEST_LATENCY) + 1;

/** Counts latencies in buckets, so that percentiles of any number of requests take the same little room. */
export class LatencyHistogram {
  private readonly counts = new Array<number>(BUCKETS).fill(0);
  private total = 0;

  /** How many were counted. */
  get count(): number {
    return this.total;
  }

  add(milliseconds: number): void {
    const bucket = bucketOf(Math.min(milliseconds, LONGEST_LATENCY));
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.total += 1;
  }

  /** So many milliseconds or less took this share of all, by the nearest rank; null when nothing was counted. */
  percentile(share: number): number | null {
    if (this.total === 0) return null;
    let left = Math.max(1, Math.ceil(share * this.total));
    const bucket = this.counts.findIndex((count) => (left -= count) <= 0);
    return GROWTH ** bucket;
  }
}

/** All up to one millisecond is in the first. */
function bucketOf(milliseconds: number): number {
  return Math.max(0, Math.ceil(Math.log(milliseconds) / Math.log(GROWTH)));
}
