import { allows, type Grant } from '../../domain/access/grant.js';
import type { EventStory } from '../../domain/event/event-story.js';

/** Which events somebody who follows gets. */
export interface EventFilter {
  /** What who follows may see; null for no limit. */
  readonly grants: readonly Grant[] | null;
  /** Null for every app. */
  readonly appId: string | null;
  /** Null for every environment, and none. */
  readonly environmentId: string | null;
  /** Null for all. */
  readonly types: ReadonlySet<string> | null;
}

/** Whether a filter lets an event through. */
export function passes(filter: EventFilter, { app, environment, kind }: EventStory): boolean {
  const { grants, appId, environmentId, types } = filter;
  const place = { app: app?.id ?? null, environment: environment?.name ?? null };
  return (
    (appId === null || app?.id === appId) &&
    (environmentId === null || environment?.id === environmentId) &&
    (types === null || types.has(kind)) &&
    (grants === null || allows(grants, 'read', place))
  );
}
