import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { AnswerHold } from '../../http/answer/answer-hold.js';
import { LogBook } from '../../store/log-book.js';
import { type FollowedLog, LogFeed } from './log-feed.js';

interface Shared {
  readonly feed: LogFeed;
  followers: number;
}

/** The logs that are followed now: one feed each, however many follow it. */
@Injectable()
export class LogFeeds implements BeforeApplicationShutdown {
  private readonly feeds = new Map<string, Shared>();

  constructor(
    private readonly logBook: LogBook,
    private readonly hold: AnswerHold,
  ) {
    hold.released.addEventListener('abort', () => this.stopAll());
  }

  /** Whether Jockey stops, and followers are to be sent away. */
  get isStopping(): boolean {
    return this.hold.released.aborted;
  }

  /** Follows a log; `leave` when done. */
  join(log: FollowedLog): { readonly feed: LogFeed; readonly leave: () => void } {
    const key = `${log.of.subject} ${log.of.id}`;
    const shared = this.feeds.get(key) ?? this.begin(key, log);
    shared.followers += 1;
    return { feed: shared.feed, leave: () => this.leave(key, shared) };
  }

  beforeApplicationShutdown(): void {
    this.hold.release();
  }

  private begin(key: string, log: FollowedLog): Shared {
    const shared = { feed: new LogFeed(this.logBook, log), followers: 0 };
    this.feeds.set(key, shared);
    void shared.feed.run();
    return shared;
  }

  private leave(key: string, shared: Shared): void {
    shared.followers -= 1;
    if (shared.followers > 0) return;
    shared.feed.stop();
    if (this.feeds.get(key) === shared) this.feeds.delete(key);
  }

  private stopAll(): void {
    for (const { feed } of this.feeds.values()) feed.stop();
  }
}
