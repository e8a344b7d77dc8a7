import type { Settled } from '../../store/figures/settled-spread.js';
import type { MetricName } from './metric-table.js';

/** Values of a metric's labels by name. */
export type Labels = Readonly<Record<string, string>>;

/** One value of a gauge or a counter. */
export interface Figure {
  readonly metric: MetricName;
  readonly labels?: Labels;
  readonly value: number;
}

/** What a histogram counted. */
export interface Spread {
  readonly metric: MetricName;
  readonly labels?: Labels;
  /** How many fell into each bucket; the last is those above all limits. */
  readonly buckets: readonly number[];
  readonly sum: number;
}

/** A group of figures that is read together; where it cannot be, the others still are. */
export interface Collector {
  /** A word. */
  readonly name: string;
  /** The figures as they are now. Throws where they cannot be read. */
  read(): Promise<readonly (Figure | Spread)[]>;
}

/** The lengths of what has settled, those that have one. */
export const spreadOf = (metric: MetricName, labels: Labels, { buckets, seconds }: Settled): Spread => ({
  ...{ metric, labels, buckets },
  sum: seconds,
});
