import type { FieldError } from '../kernel/errors.js';
import type { RouteProbe, WorkerSpec } from '../worker/worker.js';
import type { RolloutPolicy } from './rollout-policy.js';

/** A worker as a change would leave it. */
export interface JudgedWorker {
  readonly scale: number;
  readonly spec: WorkerSpec;
  /** What is said of the probe, where it has no URL too. */
  readonly probe: Readonly<Omit<RouteProbe, 'url'>> & { readonly url: string | null };
}

/** Two or more settings that cannot be meant together. */
interface Rule {
  /** It is judged when one of these is said: a change of something else is never refused for what stood there before. */
  readonly about: readonly string[];
  /** The field that should give way. */
  readonly field: string;
  /** The fault and the way out; null where all is well. */
  readonly fault: (policy: RolloutPolicy, worker: JudgedWorker) => string | null;
}

/**
 * Everything in which a worker's settings contradict one another, all at once. Fields have their names on the wire.
 * `said` are the fields that the request gives; the policy and the worker are what it would leave behind.
 */
export function contradictionsOf(
  policy: RolloutPolicy,
  worker: JudgedWorker,
  said: ReadonlySet<string>,
): readonly FieldError[] {
  return RULES.filter(({ about }) => about.some((field) => said.has(field))).flatMap(({ field, fault }) => {
    const message = fault(policy, worker);
    return message === null ? [] : [{ field, message }];
  });
}

const when = (wrong: boolean, message: string): string | null => (wrong ? message : null);

const onlyForCanary = (field: string): Rule => ({
  about: [field],
  field,
  fault: ({ strategy }) =>
    when(
      strategy !== 'canary',
      `is only for the strategy canary, and this worker's is ${strategy}: send strategy canary too, or leave it out.`,
    ),
});

const DEADLINES: readonly Rule[] = [
  {
    about: ['progress_deadline_seconds', 'health_deadline_seconds', 'monitor_seconds'],
    field: 'progress_deadline_seconds',
    fault: ({ progressDeadlineSeconds, monitorSeconds }, { spec: { healthDeadlineSeconds } }) =>
      when(
        progressDeadlineSeconds <= healthDeadlineSeconds + monitorSeconds,
        `is ${progressDeadlineSeconds}, but one instance alone may take ${healthDeadlineSeconds + monitorSeconds} s ` +
          `(health_deadline_seconds ${healthDeadlineSeconds} + monitor_seconds ${monitorSeconds}): make it longer than ` +
          'that, or make them shorter.',
      ),
  },
  {
    about: ['health_interval_seconds', 'health_deadline_seconds'],
    field: 'health_interval_seconds',
    fault: (_, { spec: { check, healthDeadlineSeconds } }) =>
      when(
        check.intervalSeconds > healthDeadlineSeconds,
        `is ${check.intervalSeconds}, but an instance has only ${healthDeadlineSeconds} s to get healthy ` +
          '(health_deadline_seconds): check more often, or give it longer.',
      ),
  },
  {
    about: ['health_timeout_seconds', 'health_deadline_seconds'],
    field: 'health_timeout_seconds',
    fault: (_, { spec: { check, healthDeadlineSeconds } }) =>
      when(
        check.timeoutSeconds > healthDeadlineSeconds,
        `is ${check.timeoutSeconds}, but an instance has only ${healthDeadlineSeconds} s to get healthy ` +
          '(health_deadline_seconds): let a check take less, or give the instance longer.',
      ),
  },
  {
    about: ['health_deadline_seconds'],
    field: 'health_deadline_seconds',
    fault: (_, { spec: { healthDeadlineSeconds, minHealthySeconds } }) =>
      when(
        healthDeadlineSeconds <= minHealthySeconds,
        `is ${healthDeadlineSeconds}, but a worker without traffic has to run for ${minHealthySeconds} s before it ` +
          'counts as healthy: make it longer.',
      ),
  },
];

const STRATEGY: readonly Rule[] = [
  onlyForCanary('canary_percent'),
  onlyForCanary('canary_pause_seconds'),
  {
    about: ['strategy', 'parallelism'],
    field: 'parallelism',
    fault: ({ strategy, parallelism }) =>
      when(
        strategy === 'recreate' && parallelism !== null,
        `is ${parallelism}, but the strategy recreate exchanges all instances at once: send parallelism null, or ` +
          'another strategy.',
      ),
  },
  {
    about: ['strategy', 'batch_delay_seconds'],
    field: 'batch_delay_seconds',
    fault: ({ strategy, delaySeconds }) =>
      when(
        strategy === 'recreate' && delaySeconds > 0,
        `is ${delaySeconds}, but the strategy recreate knows no batches: send batch_delay_seconds 0, or another ` +
          'strategy.',
      ),
  },
  {
    about: ['allowed_failures'],
    field: 'allowed_failures',
    fault: ({ allowedFailures }, { scale }) =>
      when(
        scale > 0 && allowedFailures >= scale,
        `is ${allowedFailures}, but the scale is ${scale}: if every instance may fail, no failure is ever taken back. ` +
          `Allow at most ${scale - 1}.`,
      ),
  },
];

const PROBE: readonly Rule[] = [
  {
    about: ['probe_url'],
    field: 'probe_url',
    fault: (_, { spec, probe }) =>
      when(
        probe.url !== null && spec.port === null,
        `is only for a worker with traffic; no router leads to ${spec.name}. Leave it out.`,
      ),
  },
  {
    about: ['probe_url', 'probe_host'],
    field: 'probe_host',
    fault: (_, { probe }) =>
      when(
        probe.url === null && probe.host !== null,
        'is given, but there is no probe_url to ask under that name: send probe_url too, or probe_host null.',
      ),
  },
  {
    about: ['probe_url', 'probe_allowed_failures'],
    field: 'probe_allowed_failures',
    fault: (_, { probe }) =>
      when(
        probe.url === null && probe.allowedFailures !== null,
        'is given, but there is no probe_url that could fail: send probe_url too, or probe_allowed_failures null.',
      ),
  },
];

const RULES: readonly Rule[] = [...DEADLINES, ...STRATEGY, ...PROBE];
