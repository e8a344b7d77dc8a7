import type { AuditEntryRow } from '../../store/entities/index.js';
import type { AuditItemDto } from './audit.dto.js';

/** No request runs that long: one without an end is over, in milliseconds. A held answer takes 60 seconds at most. */
const LONGEST_REQUEST = 120_000;

/** One item of a write's entries: the one that began it, and the one that ended it, if there is one. */
export function viewOf(begun: AuditEntryRow, ended: AuditEntryRow | undefined, now: Date): AuditItemDto {
  const last = ended ?? begun;
  return {
    id: begun.id,
    at: begun.at.toISOString(),
    state: stateOf(begun, ended, now),
    actor: { kind: last.actorKind, name: last.actorName, login: last.actorLogin },
    operation: begun.operation,
    verb: begun.verb,
    subject: { kind: last.subject, id: last.subjectId },
    app_id: last.appId,
    environment: last.environment,
    method: begun.method,
    path: begun.path,
    from: { ip: begun.ip, user_agent: begun.userAgent },
    request_id: begun.requestId,
    status: last.status,
    error: last.error,
    replayed: last.replayed,
    input: parsed(begun.input),
    before: parsed(begun.before),
    after: parsed(last.after),
    ended_at: ended?.at.toISOString() ?? null,
    hash: last.hash,
  };
}

function stateOf(begun: AuditEntryRow, ended: AuditEntryRow | undefined, now: Date): string {
  if (begun.phase === 'refused') return 'refused';
  if (ended !== undefined) return 'done';
  return now.getTime() - begun.at.getTime() < LONGEST_REQUEST ? 'running' : 'interrupted';
}

const parsed = (text: string | null): unknown => (text === null ? null : (JSON.parse(text) as unknown));
