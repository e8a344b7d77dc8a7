import { Injectable } from '@nestjs/common';
import { OrderedEvents } from '../../store/repositories/ordered-events.js';
import { EventFeed } from './event-feed.js';
import { type EventFilter, passes } from './event-filter.js';
import { EventPages, type ReadyEvent } from './event-pages.js';

/** What who follows has missed and cannot be told any more; how things stand now says `GET /state`. */
export interface Gap {
  /** The id behind which it wanted to go on. */
  readonly after: string;
  /** Up to this id, events may be missing; the stream goes on behind it at the latest. */
  readonly lost_up_to: string;
}

/** Where events go. Each resolves when they are taken, or when who follows has left. */
export interface EventSink {
  /** Aborted when who follows has left. */
  readonly signal: AbortSignal;
  /** Some events, and how far the stream has been read with them; there may be none. */
  send(events: readonly ReadyEvent[], upTo: string): Promise<void>;
  sendGap(gap: Gap): Promise<void>;
}

/** A following that begins: what was lost before it, and from where it goes on. */
export interface Beginning {
  readonly after: string;
  /** Null where nothing was lost. */
  readonly gap: Gap | null;
}

/** Hands events to those who follow them, each once and in order. */
@Injectable()
export class EventFollower {
  constructor(
    private readonly events: OrderedEvents,
    private readonly feed: EventFeed,
    private readonly pages: EventPages,
  ) {}

  /** Where a following begins: behind a position, or now for null. */
  async begin(after: string | null): Promise<Beginning> {
    this.feed.listen();
    if (after === null) return { after: await this.events.head(), gap: null };
    const pruned = await this.events.prunedUpTo();
    if (after !== '0' && BigInt(after) < BigInt(pruned)) return { after, gap: { after, lost_up_to: pruned } };
    // A place that no event has had yet was known before an older copy of the database was put back.
    const head = await this.events.head();
    return BigInt(after) > BigInt(head) ? { after: head, gap: { after, lost_up_to: head } } : { after, gap: null };
  }

  /** Follows until who follows has left or Jockey stops. A database that is away is asked again. */
  async follow(sink: EventSink, filter: EventFilter, start: Beginning): Promise<void> {
    let { after } = start;
    if (start.gap !== null) await sink.sendGap(start.gap);
    while (!sink.signal.aborted && !this.feed.isStopping) {
      const { version } = this.feed.changes;
      const page = await this.pages.page(after).catch((): readonly ReadyEvent[] => []);
      const last = page.at(-1)?.story.id;
      if (last === undefined) {
        await this.feed.changes.since(version, sink.signal);
        continue;
      }
      after = last;
      const wanted = page.filter(({ story }) => passes(filter, story));
      await sink.send(wanted, after);
    }
  }
}
