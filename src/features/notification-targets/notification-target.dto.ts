import { EVENT_PATTERNS, kindsOf } from '../../domain/event/event-pattern.js';
import { LONGEST_URL } from '../../domain/outbound/outbound-url.js';
import { Field, Flag, OneOf, Reference, type Rule, Text } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { TARGET_KINDS, type TargetKind } from '../../store/entities/notification-target.entity.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';

/** Length of a secret that signs: as long as the digest is enough (RFC 2104 section 3). */
const SECRET = { min: 16, max: 200, pattern: /^[\x21-\x7e]+$/, shape: 'letters, digits and signs without blanks' };

/** An address is a secret: what is wrong with it is told, but not the address. */
const urlFault: Rule = (value) =>
  typeof value === 'string' && value !== '' ? null : 'should be an address that begins with http:// or https://.';

const eventsFault: Rule = (value) =>
  Array.isArray(value) && value.length > 0 && value.length <= EVENT_PATTERNS.length && value.every(isPattern)
    ? null
    : `should be a list of some of ${EVENT_PATTERNS.join(', ')}.`;

const isPattern = (each: unknown): boolean => typeof each === 'string' && kindsOf(each).length > 0;

const Address = (optional = false) =>
  Field('text', urlFault, {
    optional,
    example: 'https://hooks.example.com/jockey',
    schema: { type: 'string', maxLength: LONGEST_URL },
  });

const Events = (optional = false) =>
  Field('map', eventsFault, {
    optional,
    example: ['deploy.failed', 'build.failed'],
    schema: { type: 'array', items: { type: 'string', enum: [...EVENT_PATTERNS] }, minItems: 1 } as object,
  });

/** Somebody who is told of events. Its address and its secret are never shown. */
export class NotificationTargetDto {
  /** Its id. */
  id!: string;

  /** The app whose events it gets; null for those of all apps. */
  app!: AppDto | null;

  /** `generic`: JSON that is signed where there is a secret; `slack`: a message for an incoming webhook. */
  kind!: string;

  /** Host, and port where there is one, of its address. */
  url_host!: string;

  /** Tells two addresses of one host apart and says nothing of them; null where the key is not there. */
  url_fingerprint!: string | null;

  /** Whether what is sent is signed. */
  signed!: boolean;

  /** Tells whether it is still the same secret; null where there is none. */
  secret_fingerprint!: string | null;

  /** Kinds of events, `deploy.*` for a family of them, `*` for all but the steps of pushes, instances, runs, routes and hosts. */
  events!: string[];

  /** Whether it is told anything. */
  enabled!: boolean;

  /** When it was made: ISO 8601, UTC. */
  created_at!: string;

  /** When it was last changed: ISO 8601, UTC. */
  updated_at!: string;
}

/** A target as an answer shows it. */
export const NOTIFICATION_TARGET_EXAMPLE: NotificationTargetDto = {
  id: '4',
  app: APP_EXAMPLE,
  kind: 'generic',
  url_host: 'hooks.example.com',
  url_fingerprint: '3f8a1c20be97',
  signed: true,
  secret_fingerprint: '90c1d2f3a4b5',
  events: ['deploy.failed', 'build.failed'],
  enabled: true,
  created_at: '2026-11-21T03:36:00.000Z',
  updated_at: '2026-11-21T03:36:00.000Z',
};

/** Which targets are listed. */
export class ListNotificationTargetsDto extends PageQueryDto {
  /** The app, by name or id; targets of all apps are left out then. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;
}

/** What a target is made of. */
export class CreateNotificationTargetDto {
  /** The app, by name or id; all apps where nothing is said. */
  @Reference('app', { optional: true, nullable: true, example: 'sample' })
  app?: string | null;

  /** What it understands. */
  @OneOf(TARGET_KINDS, { example: 'generic' })
  kind!: TargetKind;

  /** Where it is told: http or https, a public address unless OUTBOUND_ALLOW lists it. It is sealed, and never shown. */
  @Address()
  url!: string;

  /** Signs what is sent, for `generic`. It is sealed, and never shown. */
  @Text({ ...SECRET, optional: true, nullable: true, example: 'a-long-secret-of-your-own' })
  secret?: string | null;

  /** Kinds of events, `deploy.*` for a family of them, `*` for all but the steps of pushes, instances, runs, routes and hosts. */
  @Events()
  events!: string[];

  /** Whether it is told anything; yes where nothing is said. */
  @Flag({ optional: true, example: true })
  enabled?: boolean;
}

/** What is changed; what is left out stays. */
export class UpdateNotificationTargetDto {
  /** A new address. */
  @Address(true)
  url?: string;

  /** A new secret; null takes it away. */
  @Text({ ...SECRET, optional: true, nullable: true, example: 'a-long-secret-of-your-own' })
  secret?: string | null;

  /** Other events. */
  @Events(true)
  events?: string[];

  /** Switches it off or on again. */
  @Flag({ optional: true, example: false })
  enabled?: boolean;
}

/** What a target answered to a sample. */
export class TargetTestDto {
  /** Whether it took it: an answer of 200 to 299. */
  delivered!: boolean;

  /** Status of its answer; null where none came. */
  status!: number | null;

  /** The beginning of its answer, without secrets. */
  answer!: string | null;

  /** Why it did not arrive, one sentence. */
  error!: string | null;

  /** How long it took, in milliseconds. */
  milliseconds!: number;
}

/** A sample that arrived. */
export const TARGET_TEST_EXAMPLE: TargetTestDto = {
  delivered: true,
  status: 200,
  answer: 'ok',
  error: null,
  milliseconds: 84,
};
