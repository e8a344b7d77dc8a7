/** Chance that a seed makes repeatable: the property test that fails says the seed. */
export class Chance {
  constructor(private seed: number) {}

  /** A whole number of 0 up to, but not with, `below`. */
  upTo(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** True in so many of a hundred draws. */
  in(percent: number): boolean {
    return this.next() * 100 < percent;
  }

  /** The same items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.next() }))
      .sort((one, other) => one.at - other.at)
      .map(({ item }) => item);
  }

  /** Mulberry32: small, and good enough to order events. */
  private next(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}
