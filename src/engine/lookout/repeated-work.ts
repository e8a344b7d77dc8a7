/** Work that is asked for again and again: done once at a time, and once more for all who ask meanwhile. */
export class RepeatedWork {
  private timer: NodeJS.Timeout | null = null;
  private due = Infinity;
  private running = false;
  private again = false;
  private stopped = false;

  /** `work` must not reject. */
  constructor(private readonly work: () => Promise<void>) {}

  /** Has it done within so many milliseconds, together with all that is asked for until then. */
  ask(milliseconds: number): void {
    const due = performance.now() + milliseconds;
    if (this.stopped || due >= this.due) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => void this.run(), milliseconds);
  }

  /** Nothing is begun any more. */
  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    this.timer = null;
    this.due = Infinity;
    this.again = true;
    if (this.running) return;
    this.running = true;
    while (this.again && !this.stopped) {
      this.again = false;
      await this.work();
    }
    this.running = false;
  }
}
