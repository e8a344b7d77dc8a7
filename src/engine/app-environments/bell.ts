/**
 * Wakes a waiting pass. A ring while nobody waits is kept, so that nothing that happens between a look and the wait
 * after it is missed; many rings are one.
 */
export class Bell {
  private rung = false;
  private wake: (() => void) | null = null;

  /** Whether it was rung and nobody has heard it yet. */
  get isRung(): boolean {
    return this.rung;
  }

  /** All that was rung for until now is looked at now. */
  hear(): void {
    this.rung = false;
  }

  /** Something may have changed. */
  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Resolves at the next ring, at the latest after so many milliseconds. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.wake = null;
    this.rung = false;
  }
}
