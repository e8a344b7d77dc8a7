import type { EventStory, Named } from '../../domain/event/event-story.js';

/** What a target is tried with: a deploy that never was. */
export function sampleOf(app: Named | null): EventStory {
  return {
    id: '0',
    kind: 'deploy.deployed',
    at: new Date(),
    app: app === null ? { id: '0', name: 'sample' } : { id: app.id, name: app.name },
    environment: { id: '0', name: 'production' },
    subject: 'deploy',
    subjectId: '0',
    data: { test: true, state: 'deployed', outcome: 'succeeded', kind: 'deploy', rref: '0'.repeat(40) },
  };
}
