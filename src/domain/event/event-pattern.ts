import { EVENT_KINDS, type EventKind, TOLD_KINDS } from './event-kind.js';

/** All that everybody is told of: the steps of instances, runs, routes and hosts have to be named. */
export const EVERY = '*';

/** The kinds that a pattern of a target names: a kind, `deploy.*` or `*`. Empty where it names none. */
export function kindsOf(pattern: string): readonly EventKind[] {
  if (pattern === EVERY) return TOLD_KINDS;
  return EVENT_KINDS.filter((kind) => kind === pattern || `${familyOf(kind)}.*` === pattern);
}

/** The patterns that name a kind: of `deploy.failed` these are `deploy.failed`, `deploy.*` and `*`. */
export function patternsOf(kind: EventKind): readonly string[] {
  return [kind, `${familyOf(kind)}.*`, ...(TOLD_KINDS.includes(kind) ? [EVERY] : [])];
}

/** Every pattern there is, for documents. */
export const EVENT_PATTERNS: readonly string[] = [...new Set(EVENT_KINDS.flatMap(patternsOf))];

/** `deploy` of `deploy.failed`. */
function familyOf(kind: EventKind): string {
  return kind.slice(0, kind.indexOf('.'));
}
