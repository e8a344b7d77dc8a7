/** Reads a clock that never goes back, in milliseconds. */
export type Ticks = () => number;

/** Keeps at most so many values, each until its time; the oldest goes first. */
export class ExpiringMap<V> {
  private readonly entries = new Map<string, { readonly value: V; readonly until: number }>();

  constructor(
    private readonly limit: number,
    private readonly now: Ticks = () => performance.now(),
  ) {}

  /** Undefined for what was never kept, or no longer is. */
  get(key: string): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > this.now()) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  /** Keeps a value until a moment of the clock. */
  keep(key: string, value: V, until: number): void {
    this.entries.delete(key);
    this.entries.set(key, { value, until });
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.limit && oldest !== undefined) this.entries.delete(oldest);
  }
}
