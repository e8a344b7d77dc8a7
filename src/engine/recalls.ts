import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../ports/clock.js';
import { WORK_QUEUE, type WorkQueue } from '../ports/work-queue.js';
import type { AppEnvironmentKey } from '../store/repositories/app-environments.js';

type Look = (key: AppEnvironmentKey) => void;

/**
 * What is to be looked at again later. Both by this engine itself, because Redis may be away by then, and through the
 * queue, because this engine may be. The earlier of two for the same is enough.
 */
@Injectable()
export class Recalls {
  private readonly dueAt = new Map<string, number>();
  private readonly stopping = new AbortController();
  private look: Look = () => undefined;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  /** Says who looks. */
  start(look: Look): void {
    this.look = look;
  }

  /** Forgets all that this engine was to look at. */
  stop(): void {
    this.stopping.abort();
  }

  /** Has it looked at again after so many milliseconds. */
  async later(key: AppEnvironmentKey, milliseconds: number): Promise<void> {
    const id = `${key.appId}:${key.environmentId}`;
    const at = this.clock.now() + milliseconds;
    if ((this.dueAt.get(id) ?? Infinity) <= at) return;
    this.dueAt.set(id, at);
    void this.wait(id, key, milliseconds);
    await this.queue.send({ kind: 'app_environment', ...key }, milliseconds);
  }

  /** When the next is due, in milliseconds since 1970; null when nothing is to be looked at again. */
  get nextAt(): number | null {
    return this.dueAt.size === 0 ? null : Math.min(...this.dueAt.values());
  }

  private async wait(id: string, key: AppEnvironmentKey, milliseconds: number): Promise<void> {
    const at = this.dueAt.get(id);
    await this.clock.sleep(milliseconds, this.stopping.signal);
    if (this.stopping.signal.aborted || this.dueAt.get(id) !== at) return;
    this.dueAt.delete(id);
    this.look(key);
  }
}
