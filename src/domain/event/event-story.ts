import type { EventKind } from './event-kind.js';
import { stepOf } from './step-sentence.js';

/** An event with the names of what it concerns. */
export interface EventStory {
  readonly id: string;
  readonly kind: EventKind;
  readonly at: Date;
  /** Null for every app. */
  readonly app: Named | null;
  readonly environment: Named | null;
  readonly subject: string;
  readonly subjectId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Something with a name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** An event for people. */
export interface EventSentences {
  /** What happened, without a full stop. */
  readonly what: string;
  /** Why, where it ended badly or waits; else null. */
  readonly why: string | null;
}

/** So much of a reason is told; the rest stands in the log. */
const LONGEST_REASON = 300;

/** Variables that are named; of more only how many. */
const MOST_NAMES = 10;

/** Tells an event in one sentence, and why in another. */
export function sentencesOf(story: EventStory): EventSentences {
  return { what: whatOf(story), why: whyOf(story.data) };
}

const ENDS: Readonly<Record<string, string>> = {
  'build.started': 'began',
  'build.completed': 'is done',
  'build.failed': 'failed',
  'deploy.created': 'was asked for',
  'deploy.deploying': 'is being rolled out',
  'deploy.paused': 'is paused',
  'deploy.deployed': 'is deployed',
  'deploy.stopped': 'was replaced by a later one',
  'reconcile.started': 'began',
  'reconcile.completed': 'is done',
  'reconcile.failed': 'failed',
};

function whatOf(story: EventStory): string {
  const { kind, data, subjectId } = story;
  const place = placeOf(story);
  if (kind === 'config.changed') return `Config of ${place} is at version ${text(data['version'])}${namesOf(data)}`;
  if (kind === 'release.created') return `Release ${text(data['release'])} of ${place} is current${commitOf(data)}`;
  if (kind === 'host_pool.scaled')
    return `${poolOf(story)} has ${countOf(data['to_hosts'])} instead of ${text(data['from_hosts'])}`;
  if (kind === 'worker.scaled')
    return `Worker ${text(data['worker'])} of ${place} scales from ${text(data['from_scale'])} to ${text(data['to_scale'])}`;
  if (kind === 'host_pool.trouble') return `${poolOf(story)} is in trouble`;
  const step = stepOf(story);
  if (step !== null) return step;
  const noun = kind.startsWith('deploy') ? wordOf(data) : kind.startsWith('build') ? 'Build' : 'Reconcile';
  const end = kind === 'deploy.failed' ? failureOf(data) : (ENDS[kind] ?? kind);
  return `${noun} ${subjectId} of ${place}${commitOf(data)} ${end}`;
}

/** Rollbacks and promotions are deploys too, but nobody asked for them by that word. */
function wordOf({ kind }: EventStory['data']): string {
  return kind === 'rollback' ? 'Rollback' : kind === 'promotion' ? 'Promotion' : 'Deploy';
}

/** By its outcome: a deploy that was canceled did not break. */
function failureOf({ outcome }: EventStory['data']): string {
  if (outcome === 'canceled' || outcome === 'superseded') return `was ${outcome}`;
  return outcome === null || outcome === undefined ? 'failed' : `failed (${text(outcome).replaceAll('_', ' ')})`;
}

/** A pool is named by what it serves. */
function poolOf({ data, environment }: EventStory): string {
  return `Host pool of ${text(data['stack'])} in ${environment?.name ?? '?'}`;
}

function countOf(hosts: unknown): string {
  return hosts === 1 ? '1 host' : `${text(hosts)} hosts`;
}

function placeOf({ app, environment }: EventStory): string {
  const of = app === null ? 'all apps' : app.name;
  return environment === null ? of : `${of} in ${environment.name}`;
}

function commitOf({ rref }: EventStory['data']): string {
  return typeof rref === 'string' ? ` (${rref.slice(0, 12)})` : '';
}

function namesOf({ names }: EventStory['data']): string {
  if (!Array.isArray(names) || names.length === 0) return '';
  if (names.length > MOST_NAMES) return `: ${names.length} variables changed`;
  return `: ${names.map(text).join(', ')} changed`;
}

/** The first line, cut. */
function whyOf({
  failure_reason: failure,
  paused_because: pause,
  reason: told,
  cause: proof,
  outcome,
}: EventStory['data']): string | null {
  const reason = [failure, pause, told, ...(told === undefined ? [proof] : [])].find(
    (each) => typeof each === 'string' && each !== '' && each !== outcome,
  );
  if (typeof reason !== 'string') return null;
  const [line = ''] = reason.trim().split('\n');
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1)}…` : line;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}
