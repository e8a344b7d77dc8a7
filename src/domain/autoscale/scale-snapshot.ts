import type { ScaleMetric } from '../worker/worker-scaling.js';

/** What a metric said. */
export type ScaleReading =
  /** Of each instance that could be measured: percent of what it reserves. */
  | {
      readonly kind: 'shares';
      readonly percents: readonly number[];
      /** Instances that should run, and of which nothing is known. */
      readonly missing: number;
      readonly at: number;
    }
  /** One number, of which all instances bear a part. */
  | { readonly kind: 'total'; readonly value: number; readonly at: number }
  /** Nothing; a sentence says why. */
  | { readonly kind: 'none'; readonly because: string };

/** A schedule that is in force: it is the one that began last. */
export interface ScheduleInForce {
  readonly scale: number;
  /** As it was given: `0 8 * * 1-5 (Europe/Berlin)`. */
  readonly words: string;
}

/** All that a scale is decided from. Times in milliseconds since 1970, by one clock. */
export interface ScaleSnapshot {
  readonly now: number;
  /** The scale as it is set, by whomever. */
  readonly current: number;
  readonly minScale: number;
  readonly maxScale: number;
  /** Null where no schedule has begun yet, or there is none. */
  readonly scheduled: ScheduleInForce | null;
  readonly metric: ScaleMetric | null;
  /** Null where there is no metric. */
  readonly reading: ScaleReading | null;
  /** Id of a deploy of the app that is in progress in the environment. */
  readonly deploy: string | null;
  /** Since when a lower scale would be enough. */
  readonly lowerSince: number | null;
  /** When the scale was last changed by what is decided here. */
  readonly scaledAt: number | null;
  readonly scaleInAfterSeconds: number;
  readonly coolDownSeconds: number;
}

/** What is decided. */
export interface ScalePlan {
  /** The scale from now on; {@link ScaleSnapshot.current} where it stays. */
  readonly scale: number;
  /** Why, with the figures; a sentence. */
  readonly reason: string;
  readonly lowerSince: number | null;
  /** What the metric said; percent on average for shares. */
  readonly value: number | null;
  /** Why the metric could not be used; a sentence. */
  readonly trouble: string | null;
}
