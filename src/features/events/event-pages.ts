import { Injectable } from '@nestjs/common';
import type { EventStory } from '../../domain/event/event-story.js';
import { EventStories } from '../../notification/event-stories.js';
import { OrderedEvents } from '../../store/repositories/ordered-events.js';
import { viewOf } from './event-view.js';

/** Events that are read at a time. */
const EVENTS_AT_ONCE = 500;

/** Pages that are kept for followers who come to them a little later. */
const PAGES_KEPT = 40;

/** An event, and how it goes out. */
export interface ReadyEvent {
  readonly story: EventStory;
  /** Its JSON. */
  readonly text: string;
}

/**
 * The events as followers get them, of every place. Each page is read once for all who are at the same place, and they
 * stay together: whoever asks for a page that is kept gets the same one, and so asks for the same next one.
 */
@Injectable()
export class EventPages {
  /** Oldest first. */
  private readonly pages = new Map<string, Promise<readonly ReadyEvent[]>>();

  constructor(
    private readonly events: OrderedEvents,
    private readonly stories: EventStories,
  ) {}

  /** The next ones behind a position; none where there are none yet. */
  page(after: string): Promise<readonly ReadyEvent[]> {
    const kept = this.pages.get(after);
    if (kept !== undefined) return kept;
    const page = this.read(after);
    this.pages.set(after, page);
    void page.then(
      ({ length }) => (length === 0 ? this.pages.delete(after) : this.forget()),
      () => this.pages.delete(after),
    );
    return page;
  }

  private async read(after: string): Promise<readonly ReadyEvent[]> {
    const stories = await this.stories.ofAll(await this.events.after(after, EVENTS_AT_ONCE));
    return stories.map((story) => ({ story, text: JSON.stringify(viewOf(story)) }));
  }

  private forget(): void {
    for (const oldest of this.pages.keys()) {
      if (this.pages.size <= PAGES_KEPT) return;
      this.pages.delete(oldest);
    }
  }
}
