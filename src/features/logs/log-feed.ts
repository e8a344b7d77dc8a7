import { setTimeout as sleep } from 'node:timers/promises';
import { Changes } from '../../http/answer/changes.js';
import type { LogBook, LogOf } from '../../store/log-book.js';

/** How often a log is looked at while somebody follows it, in milliseconds. */
const EVERY = 250;

/** The last lines may be written a moment after their subject has settled: so long is waited for them, in milliseconds. */
const AFTERMATH = 1_000;

/** A log, and when it ends. */
export interface FollowedLog {
  readonly of: LogOf;
  /** Whether its subject has settled. */
  readonly settled: () => Promise<boolean>;
  /** When the clean-up removed what it held; nothing where it has not. */
  readonly removedAt?: Date | null;
}

/** How far one log has come, looked at once for everybody who follows it. */
export class LogFeed {
  private readonly changes = new Changes();
  private head: string | null = null;
  private settledAt: number | null = null;
  private over = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly logBook: Pick<LogBook, 'lastPosition'>,
    private readonly log: FollowedLog,
  ) {}

  /** Looks until stopped, or until the log has ended. Never rejects: a database that is away is asked again. */
  async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!this.over && !signal.aborted) {
      await this.look().catch(() => undefined);
      await sleep(EVERY, undefined, { signal }).catch(() => undefined);
    }
  }

  stop(): void {
    this.stopping.abort();
    this.changes.end();
  }

  /** Grows with every change. */
  get version(): number {
    return this.changes.version;
  }

  /** Whether no more lines will come, so that a follower that has all is done. */
  get isOver(): boolean {
    return this.over;
  }

  /** Whether there are lines behind a position, as far as is known. */
  hasAfter(position: string): boolean {
    return this.head === null || BigInt(this.head) > BigInt(position);
  }

  /** Resolves when something has changed since that version, when the signal is aborted, or when the feed stops. */
  changeSince(version: number, signal: AbortSignal): Promise<void> {
    return this.changes.since(version, signal);
  }

  private async look(): Promise<void> {
    const head = await this.logBook.lastPosition(this.log.of);
    if (head === this.head) return this.lookForEnd();
    this.head = head;
    this.changes.announce();
  }

  private async lookForEnd(): Promise<void> {
    if (this.settledAt === null && (await this.log.settled())) this.settledAt = performance.now();
    if (this.settledAt === null || performance.now() < this.settledAt + AFTERMATH) return;
    this.over = true;
    this.changes.announce();
  }
}
