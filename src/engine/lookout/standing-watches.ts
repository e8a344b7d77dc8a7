/** Opens a watch that lasts until the signal is aborted. */
export type OpenWatch = (signal: AbortSignal) => void;

/** Watches that stand open, one for each name, however many want it. */
export class StandingWatches {
  private readonly open = new Map<string, AbortController>();

  /** Opens what is wanted and not open, closes what is open and not wanted. */
  keep(wanted: ReadonlyMap<string, OpenWatch>): void {
    for (const [name, controller] of this.open) if (!wanted.has(name)) this.close(name, controller);
    for (const [name, open] of wanted) if (!this.open.has(name)) this.begin(name, open);
  }

  /** The names of what is open. */
  get names(): readonly string[] {
    return [...this.open.keys()];
  }

  private begin(name: string, open: OpenWatch): void {
    const controller = new AbortController();
    this.open.set(name, controller);
    open(controller.signal);
  }

  private close(name: string, controller: AbortController): void {
    this.open.delete(name);
    controller.abort();
  }
}
