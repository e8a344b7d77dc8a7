import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EventStory, Named } from '../domain/event/event-story.js';
import { AppRow, EnvironmentRow, type EventRow } from '../store/entities/index.js';
import { type Names, namesOf } from '../store/repositories/names.js';

/** Puts names to events: deleted apps have theirs still. */
@Injectable()
export class EventStories {
  constructor(private readonly dataSource: DataSource) {}

  async of(event: EventRow): Promise<EventStory> {
    const [story] = await this.ofAll([event]);
    return story as EventStory;
  }

  /** In two queries for all of them. */
  async ofAll(events: readonly EventRow[]): Promise<readonly EventStory[]> {
    const { manager } = this.dataSource;
    const appIds = events.flatMap(({ appId }) => appId ?? []);
    const environmentIds = events.flatMap(({ environmentId }) => environmentId ?? []);
    const [apps, environments] = await Promise.all([
      namesOf(manager, AppRow, appIds),
      namesOf(manager, EnvironmentRow, environmentIds),
    ]);
    return events.map((event) => storyOf(event, { apps, environments }));
  }
}

/** An event has its place, which is its id for the world, before anybody is told of it. */
function storyOf(event: EventRow, { apps, environments }: Record<'apps' | 'environments', Names>): EventStory {
  const { id, position, kind, at, appId, environmentId, subject, subjectId, data } = event;
  const app = named(appId, apps);
  const environment = named(environmentId, environments);
  return { id: position ?? id, kind, at, app, environment, subject, subjectId, data };
}

function named(id: string | null, names: Names): Named | null {
  const name = id === null ? undefined : names.get(id);
  return id === null || name === undefined ? null : { id, name };
}
