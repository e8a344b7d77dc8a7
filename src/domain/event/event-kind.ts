/**
 * Everything that Jockey tells of, closed: targets choose among these. A deploy that a later one replaced is `stopped`;
 * one that ends badly is `failed`, and its outcome says how (reverted, canceled, superseded, …).
 */
export const EVENT_KINDS = [
  'build.started',
  'build.completed',
  'build.failed',
  'deploy.created',
  'deploy.deploying',
  'deploy.paused',
  'deploy.deployed',
  'deploy.failed',
  'deploy.stopped',
  'reconcile.started',
  'reconcile.completed',
  'reconcile.failed',
  'config.changed',
  'release.created',
  'host_pool.scaled',
  'host_pool.trouble',
  'worker.scaled',
] as const;

/** One of {@link EVENT_KINDS}. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** What an event is of. */
export const EVENT_SUBJECTS = ['build', 'deploy', 'reconcile', 'config_set', 'release', 'host_pool', 'worker'] as const;

/** One of {@link EVENT_SUBJECTS}. */
export type EventSubject = (typeof EVENT_SUBJECTS)[number];

/** The ends of what a `callback_url` waits for. */
export const SETTLED_KINDS: ReadonlySet<EventKind> = new Set<EventKind>([
  'build.completed',
  'build.failed',
  'deploy.deployed',
  'deploy.failed',
  'reconcile.completed',
  'reconcile.failed',
]);

/** What happened, as it is written down with the change itself. */
export interface NewEvent {
  readonly kind: EventKind;
  /** Null for what concerns every app. */
  readonly appId: string | null;
  /** Null for what belongs to no environment, such as a build. */
  readonly environmentId: string | null;
  readonly subject: EventSubject;
  readonly subjectId: string;
  /** The facts, as on the wire; never a secret. */
  readonly data: Readonly<Record<string, unknown>>;
}
