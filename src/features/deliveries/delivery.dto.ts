import {
  DELIVERY_CHANNELS,
  DELIVERY_STATES,
  type DeliveryChannel,
  type DeliveryState,
} from '../../domain/delivery/delivery.js';
import { EVENT_KINDS, type EventKind } from '../../domain/event/event-kind.js';
import { Identifier, OneOf, Reference } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';

/** Something by its id and name. */
export class NamedDto {
  /** Its id. */
  id!: string;

  /** Its name. */
  name!: string;
}

/** What happened. */
export class DeliveredEventDto {
  /** Its id; the same in all that is told of it. */
  id!: string;

  /** What happened, as `deploy.failed`. */
  kind!: string;

  /** When: ISO 8601, UTC. */
  at!: string;

  /** What it happened to: `build`, `deploy`, `reconcile`, `config_set` or `release`. */
  subject!: string;

  /** The id of that. */
  subject_id!: string;
}

/** One attempt to deliver. */
export class DeliveryAttemptDto {
  /** When it began: ISO 8601, UTC. */
  at!: string;

  /** How long it took, in milliseconds. */
  milliseconds!: number;

  /** Status of the answer; null where none came. */
  status!: number | null;

  /** The beginning of the answer, without secrets. */
  answer!: string | null;

  /** Why it did not arrive, one sentence; null where it did. */
  error!: string | null;
}

/** Something that went out, or is to go out. */
export class DeliveryDto {
  /** Its id, which stands in the header `X-Jockey-Delivery` of each attempt. */
  id!: string;

  /** What it tells of. */
  event!: DeliveredEventDto;

  /** `webhook`: to a notification target; `callback`: to a callback_url; `github`; `chat`. */
  channel!: string;

  /** Id of the notification target; null for other channels. */
  target!: string | null;

  /** The app of the event; null for all apps. */
  app!: NamedDto | null;

  /** The environment of the event; null where it has none. */
  environment!: NamedDto | null;

  /** `waiting` for its first attempt or the next, `delivered`, or `failed`: given up. */
  state!: string;

  /** The last 20 attempts, oldest first. */
  attempts!: DeliveryAttemptDto[];

  /** How many attempts failed since it was first sent, or redelivered. */
  failed_attempts!: number;

  /** When it is tried again; null once it is settled. */
  next_attempt_at!: string | null;

  /** Status of the last answer. */
  last_status!: number | null;

  /** Why the last attempt failed. */
  last_error!: string | null;

  /** When it was put on its way: ISO 8601, UTC. */
  created_at!: string;

  /** When it was delivered or given up. */
  settled_at!: string | null;
}

/** A delivery as an answer shows it. */
export const DELIVERY_EXAMPLE: DeliveryDto = {
  id: '31',
  event: { id: '12', kind: 'deploy.failed', at: '2026-11-21T03:36:00.000Z', subject: 'deploy', subject_id: '7' },
  channel: 'webhook',
  target: '4',
  app: { id: '1', name: 'sample' },
  environment: { id: '2', name: 'production' },
  state: 'waiting',
  attempts: [
    {
      at: '2026-11-21T03:36:00.100Z',
      milliseconds: 84,
      status: 503,
      answer: 'try later',
      error: 'It answered 503, but should answer 2xx.',
    },
  ],
  failed_attempts: 1,
  next_attempt_at: '2026-11-21T03:36:10.000Z',
  last_status: 503,
  last_error: 'It answered 503, but should answer 2xx.',
  created_at: '2026-11-21T03:36:00.000Z',
  settled_at: null,
};

/** Which deliveries are listed. */
export class ListDeliveriesDto extends PageQueryDto {
  /** The app of the event, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** The environment of the event, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;

  /** Id of a notification target. */
  @Identifier('notification target', { optional: true, example: '4' })
  target?: string;

  /** What happened. */
  @OneOf(EVENT_KINDS, { optional: true, example: 'deploy.failed' })
  event?: EventKind;

  /** Where it goes. */
  @OneOf(DELIVERY_CHANNELS, { optional: true, example: 'webhook' })
  channel?: DeliveryChannel;

  /** How far it is. */
  @OneOf(DELIVERY_STATES, { optional: true, example: 'failed' })
  state?: DeliveryState;
}
