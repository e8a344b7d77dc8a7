/** Whether the first comes out before the second; a strict order. */
export type Before<T> = (one: T, other: T) => boolean;

/** A binary heap: the first item at once, changes in the logarithm of its size. */
export class PriorityQueue<T> {
  private readonly items: T[];

  /** Takes a copy of the items, in linear time. */
  constructor(
    private readonly before: Before<T>,
    items: readonly T[] = [],
  ) {
    this.items = items.slice();
    for (let at = (this.items.length >> 1) - 1; at >= 0; at -= 1) this.sink(at);
  }

  /** The first item, which stays in. */
  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    this.items.push(item);
    this.rise(this.items.length - 1);
  }

  /** Takes the first item out. */
  pop(): T | undefined {
    const first = this.items[0];
    const last = this.items.pop();
    if (this.items.length > 0 && last !== undefined) {
      this.items[0] = last;
      this.sink(0);
    }
    return first;
  }

  /** Finds the place of the first item again, after its rank got worse. */
  demoteFirst(): void {
    this.sink(0);
  }

  private rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(from: number): void {
    let at = from;
    for (;;) {
      const child = this.firstChild(at);
      if (child === null || !this.isBefore(child, at)) return;
      this.swap(at, child);
      at = child;
    }
  }

  private firstChild(at: number): number | null {
    const left = 2 * at + 1;
    if (left >= this.items.length) return null;
    return left + 1 < this.items.length && this.isBefore(left + 1, left) ? left + 1 : left;
  }

  private isBefore(one: number, other: number): boolean {
    return this.before(this.items[one] as T, this.items[other] as T);
  }

  private swap(one: number, other: number): void {
    const item = this.items[one] as T;
    this.items[one] = this.items[other] as T;
    this.items[other] = item;
  }
}
