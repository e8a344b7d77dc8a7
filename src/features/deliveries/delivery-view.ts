import type { DeliveryRow, EventRow } from '../../store/entities/index.js';
import type { DeliveriesSeen } from '../../store/repositories/deliveries.js';
import type { Names } from '../../store/repositories/names.js';
import type { DeliveredEventDto, DeliveryDto, NamedDto } from './delivery.dto.js';

/** A delivery as it stands on the wire; never its payload, nor where it goes. */
export function viewOf(row: DeliveryRow, { events, apps, environments }: DeliveriesSeen): DeliveryDto {
  return {
    id: row.id,
    event: eventOf(events.get(row.eventId) as EventRow),
    channel: row.channel,
    target: row.targetId,
    app: named(row.appId, apps),
    environment: named(row.environmentId, environments),
    state: row.state,
    attempts: row.attempts.map((attempt) => ({ ...attempt })),
    failed_attempts: row.failedAttempts,
    next_attempt_at: row.nextAttemptAt?.toISOString() ?? null,
    last_status: row.lastStatus,
    last_error: row.lastError,
    created_at: row.createdAt.toISOString(),
    settled_at: row.settledAt?.toISOString() ?? null,
  };
}

function eventOf({ id, position, kind, at, subject, subjectId }: EventRow): DeliveredEventDto {
  return { id: position ?? id, kind, at: at.toISOString(), subject, subject_id: subjectId };
}

function named(id: string | null, names: Names): NamedDto | null {
  return id === null ? null : { id, name: names.get(id) ?? '' };
}
