import { FAILURE_ACTIONS, type FailureAction, STRATEGIES, type Strategy } from '../../domain/rollout/rollout-policy.js';
import { STOP_SIGNALS, type StopSignal } from '../../domain/worker/worker.js';
import { OneOf, Text, WholeNumber } from '../../http/input/fields.js';
import { HttpUrl } from '../../http/input/http-url.js';

/** Host names: RFC 1123, section 2.1, labels of RFC 1035 that may begin with a digit. */
const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** How the instances of a worker are exchanged: the part of its settings that a rollout goes by. */
export class WorkerPolicySettingsDto {
  /** The signal that asks an instance to end. */
  @OneOf(STOP_SIGNALS, { optional: true, example: 'SIGTERM' })
  stop_signal?: StopSignal;

  /**
   * `rolling`: in batches, the new before the old; `blue_green`: all new ones stand by, then take over at once;
   * `canary`: a share first, then a pause, then rolling; `recreate`: the old before the new, for what may not run twice.
   */
  @OneOf(STRATEGIES, { optional: true, example: 'rolling' })
  strategy?: Strategy;

  /** How many new instances may be under way at once; null for a quarter of the scale, at least one. */
  @WholeNumber({ min: 1, max: 1000, optional: true, nullable: true, example: 2 })
  parallelism?: number | null;

  /** Between one batch and the next. */
  @WholeNumber({ min: 0, max: 3600, unit: 'seconds', optional: true, example: 0 })
  batch_delay_seconds?: number;

  /** How long a healthy instance has to stay so before it counts. */
  @WholeNumber({ min: 0, max: 3600, unit: 'seconds', optional: true, example: 0 })
  monitor_seconds?: number;

  /** So long may nothing come forward; then the deploy fails. Longer than one instance may take to prove itself. */
  @WholeNumber({ min: 1, max: 86_400, unit: 'seconds', optional: true, example: 600 })
  progress_deadline_seconds?: number;

  /** So many new instances may fail, and are tried again, before the deploy has; less than the scale. */
  @WholeNumber({ min: 0, max: 1000, optional: true, example: 0 })
  allowed_failures?: number;

  /** What follows when more fail: `revert` puts back what was there, `pause` waits for somebody to say what is to be. */
  @OneOf(FAILURE_ACTIONS, { optional: true, example: 'revert' })
  on_failure?: FailureAction;

  /** The share of the scale that a canary is, rounded up; only with the strategy canary. */
  @WholeNumber({ min: 1, max: 99, unit: 'percent', optional: true, example: 10 })
  canary_percent?: number;

  /** How long canaries run beside the old; null until somebody says continue. Only with the strategy canary. */
  @WholeNumber({ min: 0, max: 86_400, unit: 'seconds', optional: true, nullable: true, example: 60 })
  canary_pause_seconds?: number | null;

  /** An address behind a router that is asked again and again while traffic moves; null for none. */
  @HttpUrl({ optional: true, nullable: true, example: 'http://router.example.com/up' })
  probe_url?: string | null;

  /** The host name that the router is asked by; null for the one in `probe_url`. */
  @Text({
    max: 253,
    pattern: HOST_NAME,
    shape: 'a host name',
    optional: true,
    nullable: true,
    example: 'sample.example.com',
  })
  probe_host?: string | null;

  /** More failed requests than so many end the deploy as failed; null: they are only counted. */
  @WholeNumber({ min: 0, max: 1_000_000, optional: true, nullable: true, example: 0 })
  probe_allowed_failures?: number | null;
}

/** How the instances of a worker are exchanged, as an answer shows it. */
export class WorkerPolicyDto {
  /** The signal that asks an instance to end. */
  stop_signal!: string;

  /** `rolling`, `blue_green`, `canary` or `recreate`. */
  strategy!: string;

  /** How many new instances may be under way at once; null for a quarter of the scale, at least one. */
  parallelism!: number | null;

  /** Seconds between one batch and the next. */
  batch_delay_seconds!: number;

  /** Seconds that a healthy instance has to stay so before it counts. */
  monitor_seconds!: number;

  /** Seconds in which something has to come forward. */
  progress_deadline_seconds!: number;

  /** So many new instances may fail before the deploy has. */
  allowed_failures!: number;

  /** What follows when more fail: `revert` or `pause`. */
  on_failure!: string;

  /** Share of the scale that a canary is, in percent. */
  canary_percent!: number;

  /** Seconds that canaries run beside the old; null until somebody says continue. */
  canary_pause_seconds!: number | null;

  /** What is asked through a router while traffic moves; null for nothing. */
  probe_url!: string | null;

  /** The host name that the router is asked by; null for the one in `probe_url`. */
  probe_host!: string | null;

  /** More failed requests than so many end the deploy as failed; null: they are only counted. */
  probe_allowed_failures!: number | null;
}

/** A policy as an answer shows it: the defaults. */
export const WORKER_POLICY_EXAMPLE: WorkerPolicyDto = {
  stop_signal: 'SIGTERM',
  strategy: 'rolling',
  parallelism: null,
  batch_delay_seconds: 0,
  monitor_seconds: 0,
  progress_deadline_seconds: 600,
  allowed_failures: 0,
  on_failure: 'revert',
  canary_percent: 10,
  canary_pause_seconds: 60,
  probe_url: null,
  probe_host: null,
  probe_allowed_failures: null,
};
