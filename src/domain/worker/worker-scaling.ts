/** A scale that holds at times. */
export interface ScaleSchedule {
  /** When it begins, as a cron expression of five fields: `0 8 * * 1-5`. */
  readonly cron: string;
  /** IANA name: `Europe/Berlin`. */
  readonly timeZone: string;
  /** The least scale from then on, until another schedule of the worker begins. */
  readonly scale: number;
}

/** What is measured: what the containers use, as Docker says, or a number that somebody else tells. */
export const SCALE_METRIC_KINDS = ['cpu', 'memory', 'prometheus', 'http_json'] as const;

/** One of {@link SCALE_METRIC_KINDS}. */
export type ScaleMetricKind = (typeof SCALE_METRIC_KINDS)[number];

/** A metric that a scale follows. */
export interface ScaleMetric {
  readonly kind: ScaleMetricKind;
  /**
   * The value that one instance should bear: percent of what it reserves for `cpu` and `memory`; else in the unit of the
   * metric (requests a second, jobs in a queue), of which all instances share the total.
   */
  readonly target: number;
  /** Base URL of a Prometheus, or of a JSON document; null for `cpu` and `memory`. */
  readonly url: string | null;
  /** The PromQL query, or the JSON pointer (RFC 6901) to the number; null for `cpu` and `memory`. */
  readonly query: string | null;
}
