import type { EntityManager } from 'typeorm';
import { SETTLED_KINDS } from '../../domain/event/event-kind.js';
import { patternsOf } from '../../domain/event/event-pattern.js';
import type { EventRow } from '../entities/index.js';
import { toChat } from './fan-to-chat.js';
import { toGithub } from './fan-to-github.js';

/** Writes what is to go out because of an event, in the transaction of the event. */
export type Fan = (manager: EntityManager, event: EventRow) => Promise<void>;

/** Everything that listens to events. */
export const FANS: readonly Fan[] = [toTargets, toCallback, toChat, toGithub];

/** Each target that is switched on, wants events of this kind, and is of this app or of all. */
async function toTargets(manager: EntityManager, event: EventRow): Promise<void> {
  await manager.query(
    `INSERT INTO deliveries (event_id, channel, key, target_id, app_id, environment_id)
     SELECT $1, 'webhook', id::text, id, $2::bigint, $3::bigint FROM notification_targets
     WHERE enabled AND (app_id IS NULL OR app_id = $2::bigint) AND events && $4::text[]
     ON CONFLICT DO NOTHING`,
    [event.id, event.appId, event.environmentId, patternsOf(event.kind)],
  );
}

/** Tables whose rows name who is told of their end. */
const WITH_CALLBACK = { build: 'builds', deploy: 'deploys', reconcile: 'reconciles' } as const;

/** Who asked for it to be told of its end. */
async function toCallback(manager: EntityManager, event: EventRow): Promise<void> {
  if (!SETTLED_KINDS.has(event.kind)) return;
  const table = WITH_CALLBACK[event.subject as keyof typeof WITH_CALLBACK];
  await manager.query(
    `INSERT INTO deliveries (event_id, channel, app_id, environment_id)
     SELECT $1, 'callback', $2::bigint, $3::bigint FROM ${table} WHERE id = $4 AND callback_url IS NOT NULL
     ON CONFLICT DO NOTHING`,
    [event.id, event.appId, event.environmentId, event.subjectId],
  );
}
