/**
 * What everybody is told who wants all (`*`). A deploy that a later one replaced is `stopped`; one that ends badly is
 * `failed`, and its outcome says how (reverted, canceled, superseded, …).
 */
const TOLD = {
  'build.started': 'A build was asked for.',
  'build.completed': 'Its image is in the registry.',
  'build.failed': 'It ended without an image; `failure_reason` says why.',
  'deploy.created': 'A deploy, rollback or promotion was asked for.',
  'deploy.deploying': 'Its places are reserved, and its rollout begins.',
  'deploy.paused': 'It waits for the word of a person; `paused_because` says why.',
  'deploy.deployed': 'It is current.',
  'deploy.failed': 'It ended badly; `outcome` says how: reverted, canceled, superseded, …',
  'deploy.stopped': 'A later one took its place.',
  'reconcile.started': 'A reconcile or a restart was asked for.',
  'reconcile.completed': 'All runs as it should.',
  'reconcile.failed': 'It ended before all ran as it should; `failure_reason` says why.',
  'config.changed': 'A Config Set has a new version: the names of the variables, never a value.',
  'release.created': 'A deploy made a release.',
  'host_pool.scaled': 'The wanted count of a host pool changed: `from_hosts`, `to_hosts`, `cause`, and a sentence why.',
  'host_pool.trouble': 'A host pool cannot be scaled or looked at; `reason` says why.',
  'worker.scaled': 'A worker scaled itself: `from_scale`, `to_scale`, and a sentence why.',
} as const;

/** The small steps, many a deploy: a target of notifications gets them only where it names them or their family. */
const STEPS = {
  'push.received':
    'GitHub told of a push; the builds and deploys that it leads to follow. The subject is its delivery.',
  'instance.planned': 'A place is reserved for an instance: a worker, a slot, a host.',
  'instance.started': 'Its container runs, and its health is looked at.',
  'instance.healthy': 'Its health check passes.',
  'instance.draining': 'It is out of traffic and ends the requests that it has.',
  'instance.failed': 'It is proven not to work; `cause` says why.',
  'instance.stopped': 'Nothing of it is left.',
  'run.created': 'A command was asked for: `kind` is `one_off`, or `exec` in an instance; `requested_by` says who did.',
  'run.started': 'It runs, on `host`.',
  'run.ended': 'It is over; `outcome` and `exit_code` say how.',
  'route.changed': 'Traffic goes to an instance (`change` is `added`), or no longer does (`removed`).',
  'host.cordoned': 'A host gets no new instances any more.',
  'host.uncordoned': 'It may get new instances again.',
  'host.draining': 'It is being emptied.',
  'host.lost': 'Consul says that it is gone or not well.',
  'host.returned': 'It is back.',
} as const;

/** Everything that happens, each with what it means. */
export const EVENTS_ABOUT = { ...TOLD, ...STEPS } as const;

/** One kind of event. */
export type EventKind = keyof typeof EVENTS_ABOUT;

/** All kinds, closed. */
export const EVENT_KINDS = Object.keys(EVENTS_ABOUT) as readonly EventKind[];

/** The kinds that whoever wants all is told of: steps are left out. */
export const TOLD_KINDS = Object.keys(TOLD) as readonly EventKind[];

/** What an event is of. */
export const EVENT_SUBJECTS = [
  'build',
  'deploy',
  'reconcile',
  'config_set',
  'release',
  'host_pool',
  'worker',
  'push',
  'instance',
  'host',
  'run',
] as const;

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
  /** An id; of a host its name. */
  readonly subjectId: string;
  /** The facts, as on the wire; never a secret. */
  readonly data: Readonly<Record<string, unknown>>;
}
