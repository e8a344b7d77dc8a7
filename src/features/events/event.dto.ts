import { EVENT_KINDS } from '../../domain/event/event-kind.js';
import { EVERY, kindsOf } from '../../domain/event/event-pattern.js';
import { Field, Reference, show, Text } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { NamedDto } from '../deliveries/delivery.dto.js';

/** Something that happened. */
export class EventDto {
  /** Its id. Ids grow in the order in which things became so: `after` and `Last-Event-ID` continue behind one. */
  id!: string;

  /** What happened, as `deploy.deployed`. */
  type!: string;

  /** When: ISO 8601, UTC. */
  at!: string;

  /** The app that it concerns; null for every app. */
  app!: NamedDto | null;

  /** The environment that it concerns; null for what belongs to none, such as a build. */
  environment!: NamedDto | null;

  /** What it happened to: `build`, `deploy`, `instance`, `host`, … */
  subject!: string;

  /** The id of that; of a host its name. */
  subject_id!: string;

  /** The facts, by type; never a secret. `by` is who asked, null where Jockey acted by itself. */
  data!: Readonly<Record<string, unknown>>;

  /** What happened in one sentence, without a full stop. */
  summary!: string;
}

/** An event as an answer shows it. */
export const EVENT_EXAMPLE: EventDto = {
  id: '1042',
  type: 'deploy.deployed',
  at: '2026-11-21T03:36:04.120Z',
  app: { id: '1', name: 'sample' },
  environment: { id: '2', name: 'production' },
  subject: 'deploy',
  subject_id: '7',
  data: {
    state: 'deployed',
    outcome: 'succeeded',
    kind: 'deploy',
    rref: '5b0c7d1e54a54f0b9a1c0f6a3c2f9d115b0c7d1e',
    by: 'octocat',
  },
  summary: 'Deploy 7 of sample in production (5b0c7d1e54a5) is deployed',
};

/** The same as a stream sends it. */
export const EVENT_AS_SENT = `id: 1042\ndata: ${JSON.stringify(EVENT_EXAMPLE)}\n\n`;

/** Patterns with commas between. */
const patternsIn = (value: string): readonly string[] => value.split(',').map((pattern) => pattern.trim());

const types = (value: unknown): string | null =>
  typeof value === 'string' && patternsIn(value).every((pattern) => kindsOf(pattern).length > 0)
    ? null
    : `is ${show(value)}, but should be types or families with commas between, such as deploy.*,build.failed: of ${EVENT_KINDS.join(', ')}.`;

/** Which events are wanted. */
export class EventFilterDto extends PageQueryDto {
  /** The app that they concern, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** The environment that they concern, by name or id: builds and pushes belong to none, and are left out. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;

  /** Types, families (`deploy.*`) or `*`, with commas between. */
  @Field('text', types, { optional: true, example: 'deploy.*,build.failed', schema: { type: 'string' } })
  type?: string;

  /** Only the events behind the one with this id, oldest first; 0 for all that are kept. */
  @Text({ max: 18, pattern: /^[0-9]{1,18}$/, shape: 'the id of an event: digits', optional: true, example: '1041' })
  after?: string;
}

/** The kinds that a filter by type leaves; null for all. */
export function typesOf({ type }: Pick<EventFilterDto, 'type'>): ReadonlySet<string> | null {
  const patterns = type === undefined ? [EVERY] : patternsIn(type);
  return patterns.includes(EVERY) ? null : new Set(patterns.flatMap(kindsOf));
}
