/** Changes that others wait for. Its version grows with each, so that none is missed between a look and the wait for the next. */
export class Changes {
  /** Grows with every change. */
  version = 0;
  private over = false;
  private readonly waiting = new Set<() => void>();

  /** Says that something has changed. */
  announce(): void {
    this.version += 1;
    for (const done of [...this.waiting]) done();
  }

  /** Lets everybody go: no more will change. */
  end(): void {
    this.over = true;
    this.announce();
  }

  /** Resolves when something has changed since that version, when the signal is aborted, or at the end. */
  async since(version: number, signal: AbortSignal): Promise<void> {
    if (this.version !== version || signal.aborted || this.over) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
