import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EventStory, Named } from '../domain/event/event-story.js';
import { AppRow, EnvironmentRow, type EventRow } from '../store/entities/index.js';

/** Puts names to events: deleted apps have theirs still. */
@Injectable()
export class EventStories {
  constructor(private readonly dataSource: DataSource) {}

  async of(event: EventRow): Promise<EventStory> {
    const { id, kind, at, subject, subjectId, data } = event;
    const [app, environment] = await Promise.all([
      this.named(AppRow, event.appId),
      this.named(EnvironmentRow, event.environmentId),
    ]);
    return { id, kind, at, app, environment, subject, subjectId, data };
  }

  private async named(rows: typeof AppRow | typeof EnvironmentRow, id: string | null): Promise<Named | null> {
    const row = id === null ? null : await this.dataSource.manager.findOneBy<Named>(rows, { id });
    return row === null ? null : { id: row.id, name: row.name };
  }
}
