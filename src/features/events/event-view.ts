import { type EventStory, sentencesOf } from '../../domain/event/event-story.js';
import type { EventDto } from './event.dto.js';

/** An event as it stands on the wire. */
export function viewOf(story: EventStory): EventDto {
  const { id, kind, at, app, environment, subject, subjectId, data } = story;
  const { what, why } = sentencesOf(story);
  return {
    id,
    type: kind,
    at: at.toISOString(),
    app,
    environment,
    subject,
    subject_id: subjectId,
    data,
    summary: why === null ? what : `${what}: ${why}`,
  };
}
