import type { EventKind } from './event-kind.js';

/** As much of an event as its sentence needs. */
interface Step {
  readonly kind: EventKind;
  readonly subjectId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly app: { readonly name: string } | null;
  readonly environment: { readonly name: string } | null;
}

const INSTANCE_ENDS: Partial<Record<EventKind, string>> = {
  'instance.planned': 'has its place',
  'instance.started': 'runs',
  'instance.healthy': 'is healthy',
  'instance.draining': 'is out of traffic',
  'instance.failed': 'failed',
  'instance.stopped': 'is stopped',
};

const HOST_ENDS: Partial<Record<EventKind, string>> = {
  'host.cordoned': 'gets no new instances',
  'host.uncordoned': 'may get instances again',
  'host.draining': 'is being emptied',
  'host.lost': 'is lost',
  'host.returned': 'is back',
};

const RUN_ENDS: Partial<Record<EventKind, string>> = {
  'run.created': 'was asked for',
  'run.started': 'runs',
};

/** A small step in one sentence; null for what is none. */
export function stepOf(step: Step): string | null {
  const { kind, subjectId, data } = step;
  if (kind === 'push.received') return `A push to ${text(data['ref'])} of ${placeOf(step)} came${commitOf(data)}`;
  if (kind === 'route.changed')
    return `Traffic ${data['change'] === 'added' ? 'goes to' : 'no longer goes to'} ${instanceOf(step)}`;
  const ofRun = kind === 'run.ended' ? endOf(data) : RUN_ENDS[kind];
  if (ofRun !== undefined) return `Run ${subjectId} of ${placeOf(step)}${byOf(data)} ${ofRun}`;
  const ofInstance = INSTANCE_ENDS[kind];
  if (ofInstance !== undefined) return `${instanceOf(step)} ${ofInstance}`;
  const ofHost = HOST_ENDS[kind];
  return ofHost === undefined ? null : `Host ${subjectId} ${ofHost}`;
}

/** `failed (out of memory)`; what was canceled did not break. */
function endOf({ outcome }: Step['data']): string {
  if (outcome === 'succeeded') return 'is done';
  if (outcome === 'canceled') return 'was canceled';
  return outcome === 'failed' ? 'failed' : `failed (${text(outcome).replaceAll('_', ' ')})`;
}

function byOf({ requested_by: by }: Step['data']): string {
  return typeof by === 'string' ? ` by ${by}` : '';
}

/** `web 1 of sample in production on h1`. */
function instanceOf(step: Step): string {
  const { worker, slot, host } = step.data;
  return `${text(worker)} ${text(slot)} of ${placeOf(step)} on ${text(host)}`;
}

function placeOf({ app, environment }: Step): string {
  const name = app?.name ?? '?';
  return environment === null ? name : `${name} in ${environment.name}`;
}

function commitOf({ rref }: Step['data']): string {
  return typeof rref === 'string' ? ` (${rref.slice(0, 12)})` : '';
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}
