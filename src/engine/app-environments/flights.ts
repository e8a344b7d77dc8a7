import type { InstanceStep } from '../../domain/instance/plan-instance.js';

/** How long a step that did not work rests before it is tried again, in milliseconds. */
const PAUSE_AFTER_FAILURE = 2_000;

/** How steps are launched: the time, and what runs one; false from it says that it did not work. */
export interface Launch {
  readonly now: number;
  readonly run: (step: InstanceStep) => Promise<boolean>;
}

/**
 * The steps that are under way in one pass. They run side by side, at most one an instance; the pass looks on while
 * they fly, so that one slow host holds up nobody else.
 */
export class Flights {
  private readonly flying = new Map<string, Promise<void>>();
  private readonly resting = new Map<string, number>();
  /** Those that ended since the look began: what was read of their instances may be from before. */
  private readonly justLanded = new Set<string>();

  /** `landed` is called when one has ended. */
  constructor(private readonly landed: () => void) {}

  /** A new look begins: what is read from here on knows of all that ended before. */
  beginLook(): void {
    this.justLanded.clear();
  }

  /**
   * Starts the steps that can be started now; answers when another one is due: when it has rested, or at once where it
   * was decided from what was read before the last one of the same ended. Null when there is none.
   */
  launch(steps: readonly InstanceStep[], { now, run }: Launch): number | null {
    let due: number | null = null;
    for (const step of steps) {
      if (step.kind === 'wait') continue;
      const until = this.launchOne(step.instance.id, now, () => run(step));
      if (until !== null) due = Math.min(due ?? until, until);
    }
    return due;
  }

  /** Starts one thing under a name of its own, unless it is under way; answers when it is due where it cannot be started. */
  launchOne(name: string, now: number, run: () => Promise<boolean>): number | null {
    if (this.flying.has(name)) return null;
    if (this.justLanded.has(name)) return now;
    const until = this.resting.get(name) ?? 0;
    if (until > now) return until;
    this.start(name, now, run);
    return null;
  }

  /** Whether the thing of this name is under way. */
  isFlying(name: string): boolean {
    return this.flying.has(name);
  }

  /** How many are under way. */
  get count(): number {
    return this.flying.size;
  }

  /** Resolves when all that are under way have ended. */
  async land(): Promise<void> {
    await Promise.all(this.flying.values());
  }

  private start(name: string, now: number, run: () => Promise<boolean>): void {
    const flight = run().then((worked) => {
      this.flying.delete(name);
      this.justLanded.add(name);
      if (worked) this.resting.delete(name);
      else this.resting.set(name, now + PAUSE_AFTER_FAILURE);
      this.landed();
    });
    this.flying.set(name, flight);
  }
}
