import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { AnswerHold } from '../../http/answer/answer-hold.js';
import { Changes } from '../../http/answer/changes.js';
import { EventBell } from '../../store/event-bell.js';

/** How often followers look by themselves, in milliseconds: for what was not heard while the bell was away. */
const EVERY = 5_000;

/** Says when there may be new events, once for everybody in this process who follows them. */
@Injectable()
export class EventFeed implements BeforeApplicationShutdown {
  /** Changes with each ring, and every few seconds. */
  readonly changes = new Changes();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly bell: EventBell,
    private readonly hold: AnswerHold,
  ) {
    hold.released.addEventListener('abort', () => this.changes.end());
  }

  /** Whether Jockey stops, and followers are to be sent away. */
  get isStopping(): boolean {
    return this.hold.released.aborted;
  }

  /** Listens from the first follower on: a process that nobody follows keeps no connection for it. */
  listen(): void {
    if (this.timer !== null || this.isStopping) return;
    this.bell.listen(() => this.changes.announce());
    this.timer = setInterval(() => this.changes.announce(), EVERY).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.hold.release();
    if (this.timer !== null) clearInterval(this.timer);
    await this.bell.stop();
  }
}
